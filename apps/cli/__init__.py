"""The command `cloudprune`."""
