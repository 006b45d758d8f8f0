"""What leaves for people: e-mail."""
