"""Simulated Azure: tokens, Resource Graph and metrics, answered over HTTPS on loopback."""
