"""What the Azure collector declares and computes."""
