"""Publishes marts to one encrypted file per partner and opens locked sessions on it."""
