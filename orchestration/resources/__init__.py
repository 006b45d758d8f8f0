"""Connections to the outside, as assets, schedules and sensors see them."""
