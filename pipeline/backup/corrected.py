"""Corrects again what was corrected after a backup: names and addresses of members."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, update

from control.cascade_member import replace_address
from control.copying import ControlCopy
from control.engine import writing
from control.models import Base
from ingestion.storage import Storage
from pipeline.privacy.lake_traces import address_traces

_Move = tuple[str, str, str]
"""Of which partner's member, its former address, its address by now."""


def correct_again(rows: ControlCopy, lake: Storage, here: ControlCopy) -> None:
    """Let members be called what they are called in `here`, wherever it stands.

    Args:
        rows: The restored rows, before anybody reads them.
        lake: The restored lake.
        here: The control database that they replace.
    """
    held = {_key(row): row for row in rows.values("members")}
    now = {_key(row): row for row in here.values("members")}
    moves = []
    with writing(rows.engine).begin() as transaction:
        for key in held.keys() & now.keys():
            former, address = held[key]["email"], now[key]["email"]
            _set(transaction, key, name=now[key]["name"])
            if former == address:
                continue
            if "@" in address:
                moves.append((key[0], former, address))
            else:  # it gave its address to somebody else, who is called by it
                _set(transaction, key, email=address)
    left = {(row["partner_id"], row["email"]) for row in rows.values("members")}
    steps = list(_steps(moves, left))
    with writing(rows.engine).begin() as transaction:
        for partner_id, former, address in steps:
            for table in Base.metadata.sorted_tables:
                replace_address(transaction, table, partner_id, former, address)
    for partner_id, former, address in steps:
        address_traces(lake, partner_id, former, by=address).remove()


def _steps(moves: list[_Move], left: set[tuple[str, str]]) -> Iterator[_Move]:
    """Yield moves of which none meets another, by way of a third address where they would.

    One to an address that somebody has who does not move is left out: two cannot have it.
    """
    from_there = {(partner_id, former) for partner_id, former, _ in moves}
    wanted = [each for each in moves if (each[0], each[2]) not in left - from_there]
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
