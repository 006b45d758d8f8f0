"""Clouds to lake: reads a tenant's exports and lands them as partitioned Parquet."""
