"""The control database: who exists, what is connected, what was loaded."""
