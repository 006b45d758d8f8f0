"""What the operator's logs say of a subject: its records go, and those of others stay.

A tenant's name is a word that an admin chooses, and other partners have tenants of the same name;
so a record is of a tenant where the name stands with its partner's. An account is the subject's
where no other partner is named beside it.
"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from control.mentions import Mentions
from control.privacy_records import Subject, SubjectKind
from pipeline.privacy.found import Found

_BEGINS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


IsOf = Callable[[str], bool]


def log_traces(folder: Path, is_of: IsOf) -> list[Found]:
    """Return the records that go; a record is a line with its time, and those below without."""
    return [_changing(folder, is_of, lambda _: "")]


def log_address_traces(
    folder: Path, partner_id: str, others: Collection[str], address: str, by: str
) -> Found:
    """Return the records of a partner that say an address; "removing" puts another one there.

    Args:
        folder: Where the logs lie.
        partner_id: Whose member it is.
        others: The other partners, of whom the same address may be a member, too.
        address: What is replaced, as a whole word.
        by: What comes instead.
    """
    mentions, own, elsewhere = Mentions([address]), Mentions([partner_id]), Mentions(others)

    def is_of(record: str) -> bool:
        is_own = own.within(record) or not elsewhere.within(record)
        return is_own and mentions.within(record)

    return _changing(folder, is_of, lambda record: mentions.replaced(record, by))


def _changing(folder: Path, is_of: IsOf, change: Callable[[str], str]) -> Found:
    paths = [path for path in sorted(folder.glob("*.log*")) if path.is_file()]
    counts = {path: sum(map(is_of, _records(path))) for path in paths}

    def remove() -> None:
        for path, count in counts.items():
            if count:
                _rewrite(path, (change(r) if is_of(r) else r for r in _records(path)))

    return Found("log records", sum(counts.values()), remove)


def records_of(subject: Subject, names: Collection[str], others: Collection[str]) -> IsOf:
    """Return what tells whether a record is of a subject.

    Args:
        subject: Who goes.
        names: What identifies it wherever it stands: addresses, accounts, ids of connections.
        others: The other partners.
    """
    if subject.kind is SubjectKind.MEMBER:
        return Mentions(names).within
    partner, tenant = subject.partner_id, subject.tenant_id
    is_partner = subject.kind is SubjectKind.PARTNER
    qualified = Mentions([partner] if is_partner else [subject.name])
    pair = [Mentions([f"partner_id={partner}"]), Mentions([f"tenant_id={tenant}"])]
    elsewhere, identified = Mentions(others), Mentions(names)

    def is_of(record: str) -> bool:
        if qualified.within(record):
            return True
        if subject.kind is SubjectKind.TENANT and all(word.within(record) for word in pair):
            return True
        return identified.within(record) and not elsewhere.within(record)

    return is_of


def _rewrite(path: Path, records: Iterable[str]) -> None:
    beside = path.with_name(f".{path.name}.tmp")
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(records)
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
