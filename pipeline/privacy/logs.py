"""What the logs say of a subject: every record that has one of its names goes."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from control.mentions import Mentions
from pipeline.privacy.found import Found

_BEGINS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def log_traces(folder: Path, mentions: Mentions) -> list[Found]:
    """Return the records that go; a record is a line with its time, and those below without."""
    paths = [path for path in sorted(folder.glob("*.log*")) if path.is_file()]
    counts = {path: _count(path, mentions) for path in paths}

    def remove() -> None:
        for path, count in counts.items():
            if count:
                _rewrite(path, mentions)

    return [Found("log records", sum(counts.values()), remove)]


def _count(path: Path, mentions: Mentions) -> int:
    return sum(mentions.within(record) for record in _records(path))


def _rewrite(path: Path, mentions: Mentions) -> None:
    beside = path.with_name(f".{path.name}.tmp")
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(record for record in _records(path) if not mentions.within(record))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _records(path: Path) -> Iterator[str]:
    record = ""
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            if record and _BEGINS.match(line):
                yield record
                record = ""
            record += line
    if record:
        yield record
