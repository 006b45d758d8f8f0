"""Turns what goes wrong while a file is read into a sentence that names it and says what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from ingestion.costs.relation import LINE_BYTES
from ingestion.errors import UnreadableFileError

_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM})


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Name a file in whatever its content, its permissions or its disk make go wrong.

    A damaged file raises any of DuckDB's errors; its connection is its own and is closed after it.

    Raises:
        UnreadableFileError: It cannot be read.
    """
    try:
        yield
    except duckdb.Error as error:
        raise UnreadableFileError(_of_content(name, error)) from error
    except UnicodeError as error:
        raise UnreadableFileError(
            f"{name} holds text that is damaged ({error.__class__.__name__}); fetch or export it "
            "again, nothing of it was taken"
        ) from error
    except OSError as error:
        raise UnreadableFileError(_of_disk(name, error)) from error


def _of_content(name: str, error: duckdb.Error) -> str:
    words = str(error)
    if "Maximum line size" in words or "max_line_size" in words:
        return (
            f"{name} has a line of more than {LINE_BYTES // 1024 // 1024} MB, or a quote that "
            "never closes; export it again, nothing of it was taken"
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"{name} needs more memory than allowed; raise CLOUDPRUNE_WORK_MEMORY"
    first = next(iter(words.strip().splitlines()), error.__class__.__name__)
    return f"{name} cannot be read: {first[:300]}; fetch or export it again"


def _of_disk(name: str, error: OSError) -> str:
    why = error.strerror or error.__class__.__name__
    if error.errno in _NOT_ALLOWED:
        return f"{name} may not be read ({why}); let the user that runs this read it"
    if error.errno == errno.ENOSPC:
        return f"{name} was not read: the disk of the lake is full; make room and repeat"
    return f"{name} cannot be read ({why}); fetch it again, nothing of it was taken"
