"""The partner's dashboard."""
