"""What stops a backup or a restore."""


class BackupError(Exception):
    """The backup or restore did not happen; the message says why and what to do."""
