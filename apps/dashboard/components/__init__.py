"""Pieces of user interface that more than one page shows; they take data and never load it."""
