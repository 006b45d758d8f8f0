"""What the estate's providers charge, as amounts and words that no format has touched."""
