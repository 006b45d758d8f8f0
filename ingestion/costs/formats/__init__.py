"""The cost exports we read: per family the fields it has and one SQL mapping to FOCUS 1.2."""
