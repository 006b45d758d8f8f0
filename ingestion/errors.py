"""All failures of ingestion.

IngestionError
├── SourceError           the source cannot be read at all; nothing of it landed
│   ├── UnreadableFileError   truncated, damaged, not text, not what its name says
│   └── IncompleteDeliveryError   a manifest names a file that is missing
├── UnknownFormatError    a readable file that is no cost export we know
├── RefusedDeliveryError  a good delivery that must not land (overlap, another export owns it)
└── InvalidNameError      a partner or tenant name that cannot become a path
"""


class IngestionError(Exception):
    """Something asked for did not land; the message says what and what to do."""


class SourceError(IngestionError):
    """The source cannot be read."""


class UnreadableFileError(SourceError):
    """One file is damaged or not what it seems."""


class IncompleteDeliveryError(SourceError):
    """A delivery lacks files that its manifest names."""


class UnknownFormatError(IngestionError):
    """A file that is no cost export we know."""


class RefusedDeliveryError(IngestionError):
    """A readable delivery that would count the same dollars twice."""


class InvalidNameError(IngestionError):
    """A partner, tenant or connection name that cannot become a path."""
