"""Assets, one module per box of the flow: exports and lake, warehouse, serving file."""
