"""Corrects again what was corrected after a backup: names and addresses of members."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, update

from control.cascade_member import replace_address
from control.copying import ControlCopy
from control.engine import writing
from control.models import Base
from control.privacy_records import RequestKind, RequestState
from ingestion.storage import Storage
from pipeline.privacy.lake_traces import address_traces

_Move = tuple[str, str, str]
"""Of which partner's member, its former address, its address by now."""


def correct_again(rows: ControlCopy, lake: Storage, here: ControlCopy) -> None:
    """Let members be called what they were corrected to in `here`, wherever it stands.

    What the backup was corrected to, too, stays: it may be the newer one of both.

    Args:
        rows: The restored rows, before anybody reads them.
        lake: The restored lake.
        here: The control database that they replace.
    """
    held = {_key(row): row for row in rows.values("members")}
    now = {_key(row): row for row in here.values("members")}
    known = _corrections(rows)
    corrected = {key for request, key in _corrections(here).items() if request not in known}
    moves = _of_invitations(rows, here, {(key[0], now[key]["email"]) for key in corrected & {*now}})
    with writing(rows.engine).begin() as transaction:
        for key in held.keys() & now.keys():
            former, address = held[key]["email"], now[key]["email"]
            if "@" not in address:  # it gave that to somebody else, who is called by it
                _set(transaction, key, email=address)
            elif key in corrected:
                _set(transaction, key, name=now[key]["name"])
                moves.add((key[0], former, address))
    left = {(row["partner_id"], row["email"]) for row in rows.values("members")}
    steps = list(_steps(sorted(moves), left))
    with writing(rows.engine).begin() as transaction:
        for partner_id, former, address in steps:
            for table in Base.metadata.sorted_tables:
                replace_address(transaction, table, partner_id, former, address)
    for partner_id, former, address in steps:
        address_traces(lake, partner_id, former, by=address).remove()


def _corrections(copy: ControlCopy) -> dict[str, tuple[str, str]]:
    """Return by request which members were corrected."""
    return {
        row["request_id"]: (row["partner_id"], row["subject_id"])
        for row in copy.values("privacy_requests")
        if row["kind"] == RequestKind.RECTIFICATION and row["state"] == RequestState.DONE
    }


def _of_invitations(
    rows: ControlCopy, here: ControlCopy, corrected: set[tuple[str, str]]
) -> set[_Move]:
    """Return the moves of who was only invited at the backup, to an address that was corrected."""
    now = {(row["partner_id"], row["invitation_id"]): row for row in here.values("invitations")}
    found = set()
    for row in rows.values("invitations"):
        partner_id = row["partner_id"]
        address = now.get((partner_id, row["invitation_id"]), row)["email"]
        if (partner_id, address) in corrected:
            found.add((partner_id, row["email"], address))
    return found


def _steps(moves: list[_Move], left: set[tuple[str, str]]) -> Iterator[_Move]:
    """Yield moves of which none meets another, by way of a third address where they would.

    One to an address that somebody has who does not move is left out: two cannot have it.
    """
    from_there = {(partner_id, former) for partner_id, former, _ in moves}
    wanted = [
        (partner_id, former, address)
        for partner_id, former, address in moves
        if former != address and (partner_id, address) not in left - from_there
    ]
    if not {(partner_id, address) for partner_id, _, address in wanted} & from_there:
        yield from wanted
        return
    for number, (partner_id, former, _) in enumerate(wanted):
        yield partner_id, former, _between(number)
    for number, (partner_id, _, address) in enumerate(wanted):
        yield partner_id, _between(number), address


def _between(number: int) -> str:
    return f"moved-{number}@restore.invalid"


def _set(transaction: Connection, key: tuple[str, str], **values: str) -> None:
    members = Base.metadata.tables["members"]
    own = (members.c.partner_id == key[0], members.c.member_id == key[1])
    transaction.execute(update(members).where(*own).values(**values))


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return row["partner_id"], row["member_id"]
