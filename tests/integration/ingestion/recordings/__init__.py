"""Recorded answers of real clouds, read by the collectors without loss of a declared field."""
