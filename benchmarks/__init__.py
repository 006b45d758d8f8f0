"""Measured workloads: each compares with something bare in the same run."""

import logging

# The dashboard's loaders are measured without a page, which their framework warns of at import.
logging.getLogger("streamlit.runtime.caching.cache_data_api").disabled = True
