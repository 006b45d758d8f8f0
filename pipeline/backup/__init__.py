"""Backups of what is kept, control database and lake: encrypted, checked, and restored."""
