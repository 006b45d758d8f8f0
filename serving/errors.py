"""All failures of serving.

ServingError
├── InvalidPartnerError   a partner name that cannot become a path
├── NotPublishedError     the partner has no serving file yet
├── KeyUnreadableError    the partner's key is missing, damaged or not the file's
├── PublishError          the marts could not be published; the current generation stands
└── QueryError            a session refused or failed one statement
    ├── QueryRefusedError     the statement is not one a reader may run
    └── UnknownNameError      the marts do not have a table or column that it reads
"""


class ServingError(Exception):
    """Something about serving failed; the message says what and what to do."""


class InvalidPartnerError(ServingError):
    """A partner name that cannot become a path."""


class NotPublishedError(ServingError):
    """The partner has no serving file yet."""


class KeyUnreadableError(ServingError):
    """The partner's key is missing, damaged or does not open the file."""


class PublishError(ServingError):
    """The marts could not be published; the current generation stands."""


class QueryError(ServingError):
    """One statement failed in a session; the session goes on."""


class QueryRefusedError(QueryError):
    """A statement that no reader may run."""


class UnknownNameError(QueryError):
    """A statement that reads a table or column which the marts do not have."""
