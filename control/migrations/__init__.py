"""Alembic's scripts; run by `control.schema`, never by hand."""
