"""Cost exports of any provider and format to FOCUS 1.2 cost lines."""
