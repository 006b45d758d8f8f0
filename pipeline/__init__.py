"""The steps from export to serving file, as the command line and Dagster both call them."""
