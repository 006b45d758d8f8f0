"""Measured workloads: each compares with something bare in the same run."""
