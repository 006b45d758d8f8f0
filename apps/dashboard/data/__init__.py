"""Everything that pages ask of a partner's serving file; nothing else of the dashboard opens it.

Each loader takes the `Source` first, so that partner and generation are part of its cache key.
"""
