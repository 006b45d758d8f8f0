"""A simulated estate: partners, tenants and the bills their providers would write."""
