"""Writes bills as the providers' cost exports: rows, files, manifests, folders."""
