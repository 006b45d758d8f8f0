"""Turns DuckDB's failures into sentences for the person who wrote the query."""

import difflib
import re
from collections.abc import Iterable

import duckdb

_KIND = re.compile(r"^[A-Z][A-Za-z ]* Error: ")
_WHERE = re.compile(r"\n\s*LINE (\d+): ")
_COLUMN = re.compile(r'Referenced column "([^"]+)" not found in FROM clause')
_QUALIFIED_COLUMN = re.compile(r'Table "([^"]+)" does not have a column named "([^"]+)"')
_CANDIDATES = re.compile(r"Candidate bindings: (.+)")
_QUOTED = re.compile(r'"([^"]+)"')
_FUNCTION = re.compile(r"Function with name (\S+) does not exist!\s*Did you mean \"([^\"]+)\"")
_SUGGESTIONS = 5


def sentence(error: duckdb.Error) -> str:
    """Return what is wrong and what to do, without paths, statement or stack."""
    text = str(error)
    for recognise in (_unknown_column, _unknown_function, _fixed):
        found = recognise(text, error)
        if found:
            return found
    place = _WHERE.search(text)
    facts = " ".join(_KIND.sub("", text[: place.start()] if place else text).split())
    return f"{facts} (line {place[1]})" if place else facts


def is_unknown_column(error: duckdb.Error) -> bool:
    """Return whether a statement failed for a column that is not there."""
    return _unknown_column(str(error), error) is not None


def unknown_table(name: str, known: Iterable[str]) -> str:
    """Return that a table is not there, and which ones are meant perhaps."""
    names = sorted(known)
    near = difflib.get_close_matches(name.rpartition(".")[2], names, _SUGGESTIONS, cutoff=0.5)
    hint = f"did you mean {_either(near)}?" if near else f"there are {', '.join(names)}"
    return f"there is no table {name}: {hint}"


def _unknown_column(text: str, _error: duckdb.Error) -> str | None:
    if match := _COLUMN.search(text):
        name = match[1]
    elif match := _QUALIFIED_COLUMN.search(text):
        name = f"{match[1]}.{match[2]}"
    else:
        return None
    candidates = _CANDIDATES.search(text)
    near = _QUOTED.findall(candidates[1]) if candidates else []
    hint = f": did you mean {_either(near)}?" if near else ""
    return f"there is no column {name}{hint}"


def _unknown_function(text: str, _error: duckdb.Error) -> str | None:
    match = _FUNCTION.search(text)
    return f"there is no function {match[1]}(): did you mean {match[2]}()?" if match else None


def _fixed(_text: str, error: duckdb.Error) -> str | None:
    """Return a text of our own where DuckDB's would name files, settings or internals."""
    for kinds, words in _OWN_WORDS:
        if isinstance(error, kinds):
            return words
    return None


_OWN_WORDS: tuple[tuple[type[duckdb.Error] | tuple[type[duckdb.Error], ...], str], ...] = (
    (
        duckdb.OutOfMemoryException,
        "the query needs more memory than a session may use: read fewer days or columns, or "
        "aggregate before joining and sorting",
    ),
    (
        (duckdb.PermissionException, duckdb.HTTPException),
        "that is not allowed: a session reads the marts and nothing else",
    ),
    (
        (duckdb.IOException, duckdb.InternalException, duckdb.FatalException),
        "the query could not be completed; the session starts anew with the next one",
    ),
)


def _either(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
