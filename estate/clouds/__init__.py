"""The clouds of the simulated estate, as servers on loopback that its resources are read from."""
