"""A simulated AWS: moto over HTTP, with what a scan needs and moto lacks."""
