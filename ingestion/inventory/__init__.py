"""Lands what a scan reads: inventory, utilization, and what is known of each place."""
