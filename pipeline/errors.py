"""What stops a build."""


class BuildError(Exception):
    """The warehouse could not be built; the message says what failed and what to do."""
