"""Plants waste and near misses: one step outside and one step inside each rule's threshold."""
