"""Who may enter: what the identity provider says of a person, checked on every run of a page."""
