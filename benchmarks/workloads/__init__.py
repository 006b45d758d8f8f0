"""One module per workload; each yields results."""
