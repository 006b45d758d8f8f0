"""Other connections of a provider that bill the same month: told apart, taken over, or refused."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date

import duckdb

from ingestion.costs.ledger import Load
from ingestion.errors import RefusedDeliveryError

_KEEP_ONE = (
    "keep one of them: export the account in one of both only, and where that is not the one that "
    "landed, land the other again without the account, with --take-over"
)
Bill = frozenset[tuple[str, date, bool]]


def split_off(load: Load, account: str) -> str:
    """Return the connection of files that hold one account of a payer each."""
    digest = hashlib.sha256(account.encode()).hexdigest()[:8]
    return f"{load.connection_id[:54]}-{digest}"


def further_account(load: Load, ours: set[str], theirs: set[str]) -> str | None:
    """Return the account of a delivery that shares none with what landed, else None.

    Raises:
        RefusedDeliveryError: There are several such accounts: parts of one export, by their look.
    """
    if not ours or not theirs or ours & theirs:
        return None
    if len(ours) == 1:
        return next(iter(ours))
    raise RefusedDeliveryError(
        f"{load.source_uri} holds {len(ours)} accounts of {load.connection_id} for "
        f"{load.billing_period}, none of which is in what landed before: if both are parts of one "
        "export, name them name-00001, name-00002, or deliver them with their manifest"
    )


def refuse_nameless(load: Load, other: Load) -> None:
    """Refuse a file that names nobody and shares some charges with another such file.

    Raises:
        RefusedDeliveryError: Always.
    """
    raise RefusedDeliveryError(
        f"{load.source_uri} names no billing account and no account, and neither does "
        f"{other.source_uri}, of whose charges for {load.billing_period} it holds some and lacks "
        "some: whether they are one bill cannot be told. Give all deliveries of a bill one file "
        "name, export them with their billing account, or ingest this one in its place with "
        "--take-over"
    )


def bill(con: duckdb.DuckDBPyConnection, lines: str) -> Bill:
    """Return the accounts that an SQL statement's lines bill, each with its days, of usage or not.

    What names no account stands under the empty name. Taxes and fees of a month stand on its first
    day, whichever days they are for.
    """
    rows = con.execute(
        "select distinct coalesce(sub_account_id, ''), cast(charge_period_start as date), "
        f"coalesce(charge_category = 'Usage', false) from ({lines}) where x_source_cost <> 0"
    ).fetchall()
    return frozenset(rows)


def is_covered(load: Load, held: Sequence[Load], ours: Bill, theirs: Bill) -> bool:
    """Return whether a delivery bills all that another connection does, account by day.

    Then it is a later delivery of the same charges. One day alone may be that on which an account
    moved from payer to payer.
    """
    if any(load.is_older_than(old) for old in held) or any(not name for name, _, _ in theirs):
        return False
    least = 1 if all(_payer(old) == _payer(load) for old in held) else 2
    return len({day for _, day, _ in theirs}) >= least and theirs <= ours


def check_apart(load: Load, held: Sequence[Load], ours: Bill, theirs: Bill) -> None:
    """Refuse lines of an account that another connection already bills for the same days.

    An account that moves between payers is billed by both, on different days but one; each bills
    its month's taxes and fees, too.

    Raises:
        RefusedDeliveryError: Both bill the same account on the same days.
    """
    may_move = all(_payer(old) != _payer(load) and old.family == load.family for old in held)
    shared = ours & theirs
    for account in sorted({name for name, _, _ in shared if name}):
        own = {day for name, day, _ in ours if name == account}
        common = Counter(is_usage for name, _, is_usage in shared if name == account)
        if may_move and max(common.values()) == 1 < len(own):
            continue
        days = len({day for name, day, _ in shared if name == account})
        raise RefusedDeliveryError(
            f"{load.source_uri} overlaps with {held[0].connection_id}: both bill account {account} "
            f"on {days} {'day' if days == 1 else 'days'} of "
            f"{load.billing_period}, and both would be counted; {_KEEP_ONE}"
        )


def _payer(load: Load) -> str:
    """Return the billing account, however an export writes it."""
    return load.scope.rstrip("/").rpartition("/")[2].lower()
