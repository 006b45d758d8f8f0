"""Dagster: when the pipeline's steps run, for which partition, and what is recorded."""
