"""Refuses deliveries that would count the same dollars twice, or lose some."""

from collections.abc import Sequence
from datetime import timedelta

import duckdb

from ingestion.costs.ledger import Load
from ingestion.costs.staging import NO_SCOPE
from ingestion.errors import RefusedDeliveryError

_ADVICE = "keep one of them, or ingest this one with --take-over"


def check_owner(load: Load, current: Sequence[Load]) -> None:
    """Refuse a second export of a month that another export supplies.

    Raises:
        RefusedDeliveryError: Another kind of export, or another export of the same kind, owns it.
    """
    for owner in current:
        is_other_kind = owner.family != load.family
        is_other_export = (
            owner.dataset == load.dataset
            and owner.export_name
            and load.export_name
            and owner.export_name != load.export_name
        )
        if is_other_kind or is_other_export:
            raise RefusedDeliveryError(
                f"{load.source_uri} is a second export of {load.connection_id} for "
                f"{load.billing_period}: {owner.source_uri} ({owner.format}"
                f"{', export ' + owner.export_name if owner.export_name else ''}) already supplies "
                f"it, and both hold the same charges; {_ADVICE}"
            )


def check_adds_none(load: Load, rival: Load, accounts: Sequence[str]) -> None:
    """Refuse a file that comes too late to replace another, but bills further accounts.

    Raises:
        RefusedDeliveryError: There are accounts that it alone bills.
    """
    if accounts:
        raise RefusedDeliveryError(
            f"{load.source_uri} is older than {rival.source_uri}, which landed as "
            f"{rival.connection_id} for {rival.billing_period}, but has charges of "
            f"{_named(accounts)}, of which nothing landed: export both for the same accounts, or "
            "each account apart"
        )


def check_cumulative(load: Load, rival: Load | None) -> None:
    """Refuse a file that holds only later days of a month than what landed.

    Raises:
        RefusedDeliveryError: It starts later, so that replacing the month would lose days.
    """
    if not rival or load.export_name or not load.first_date or not rival.first_date:
        return
    if load.first_date > rival.first_date + timedelta(days=1):
        raise RefusedDeliveryError(
            f"{load.source_uri} starts on {load.first_date}, but {load.connection_id} already has "
            f"{load.billing_period} from {rival.first_date}: exports must hold the month to date, "
            "or the earlier days would be lost; name parts of one delivery name-00001, name-00002, "
            "or ingest this one with --take-over"
        )


def supplanted(load: Load, current: Sequence[Load]) -> list[Load]:
    """Return the loads whose charges only this one would tell of: its lines must cover theirs.

    Of Azure's actual cost, usage comes from amortized cost alone (see `composition`). Of files
    without a manifest, the last delivery is all there is.
    """
    return [
        old
        for old in current
        if old.row_count
        and old.load_id != load.load_id
        and (
            (old.dataset == "azure_actual" and load.dataset == "azure_amortized")
            or (old.dataset == load.dataset and not (load.export_name and old.export_name))
        )
    ]


def check_same_bill(
    con: duckdb.DuckDBPyConnection, load: Load, other: Load, own: str, existing: str
) -> None:
    """Refuse a file that nothing in it shows to be a later delivery of what it would replace.

    A file of no billing account is known by its name alone, and one of accounts may be a part of a
    bill that names none, unless it holds all charges of that.

    Raises:
        RefusedDeliveryError: It came from elsewhere, and shares no account with the other.
    """
    if other.dataset != load.dataset or other.source_uri == load.source_uri:
        return
    ours, theirs = accounts(con, own), accounts(con, existing)
    if ours & theirs or not (load.scope == NO_SCOPE or (ours and not theirs)):
        return
    if held_share(con, own, existing) == 1:
        return
    raise RefusedDeliveryError(
        f"{load.source_uri} and {other.source_uri}, which landed as {load.connection_id} for "
        f"{load.billing_period}, name no account in common, and this one lacks charges of that: "
        "whether they are one bill cannot be told. Export them with their billing account and "
        "accounts, or ingest this one in its place with --take-over"
    )


def check_keeps(
    con: duckdb.DuckDBPyConnection, load: Load, other: Load, own: str, existing: str
) -> None:
    """Refuse a file that lacks most of what another file charged for its first day.

    A later delivery tells each charge anew, at whatever cost; another part does not.

    Raises:
        RefusedDeliveryError: They are parts, by their look.
    """
    if other.dataset != load.dataset or other.source_uri == load.source_uri:
        return
    charges = "select distinct charge_period_start, charge_category, sub_account_id, resource_id"
    is_held = f"x_dataset = '{other.dataset}' and x_source_cost <> 0"
    is_first = "cast(charge_period_start as date) = (from first_day)"
    row = con.execute(f"""
        with first_day as (
            select cast(min(charge_period_start) as date) from ({existing}) where {is_held}
        ),
        theirs as ({charges} from ({existing}) where {is_held} and {is_first}),
        ours as ({charges} from ({own}) where {is_first})
        select
            (select count(*) from (from theirs except from ours)),
            (select count(*) from theirs)
    """).fetchone()
    missing, total = row or (0, 0)
    if 2 * missing <= total:
        return
    raise RefusedDeliveryError(
        f"{load.source_uri} lacks most charges of {other.source_uri}, which landed as "
        f"{load.connection_id} for {load.billing_period} and would be lost: if both are parts of "
        "one delivery, name them name-00001, name-00002; if it is the bill written anew, ingest "
        "it with --take-over"
    )


def held_share(con: duckdb.DuckDBPyConnection, own: str, existing: str) -> float:
    """Return how much of the charges that landed a delivery holds: by day, resource and costs.

    Args:
        con: Connection to ask.
        own: SQL of the delivery's lines.
        existing: SQL of what landed.
    """
    charges = (
        "select cast(charge_period_start as date), charge_category, resource_id, x_source_cost, "
        "effective_cost"
    )
    is_charge = "x_source_cost <> 0 or coalesce(effective_cost, 0) <> 0"
    row = con.execute(f"""
        with theirs as ({charges} from ({existing}) where {is_charge})
        select
            (select count(*) from (from theirs except all {charges} from ({own}))),
            (select count(*) from theirs)
    """).fetchone()
    missing, total = row or (0, 0)
    return 1 - missing / total if total else 1.0


def check_nameless(
    con: duckdb.DuckDBPyConnection, load: Load, other: Load, own: str, existing: str
) -> None:
    """Refuse lines of nobody that another connection already holds.

    In a delivery of several accounts they stand with its first one, which need not be the first of
    the bill's other export.

    Raises:
        RefusedDeliveryError: Both hold one of the same day and cost.
    """
    nameless = (
        "select cast(charge_period_start as date), coalesce(charge_description, charge_category), "
        "x_source_cost from ({}) where billing_account_id is null and sub_account_id is null "
        "and x_source_cost <> 0"
    )
    found = con.execute(
        f"{nameless.format(own)} intersect {nameless.format(existing)} order by all limit 1"
    ).fetchone()
    if found:
        day, name, cost = found
        raise RefusedDeliveryError(
            f"{load.source_uri} overlaps with {other.connection_id}: both hold {name} of {day}, "
            f"which costs {cost.normalize():f} and names no account, and both would be counted; "
            "export both with their billing account"
        )


def check_covers(
    con: duckdb.DuckDBPyConnection, load: Load, other: Load, own: str, existing: str
) -> None:
    """Refuse a load that lacks accounts, or days of Azure's usage, that would be lost with another.

    Args:
        con: Connection to ask.
        load: The new load.
        other: The load whose lines it supplants.
        own: SQL of the new load's lines.
        existing: SQL of the partition's lines.

    Raises:
        RefusedDeliveryError: It lacks an account, or ends more than a day before Azure's usage.
    """
    is_usage = " and x_charge_type = 'Usage'" if other.dataset != load.dataset else ""
    rows = con.execute(
        f"select sub_account_id, cast(max(charge_period_start) as date) from ({existing}) "
        f"where x_dataset = '{other.dataset}' and x_source_cost <> 0{is_usage} group by 1"
    ).fetchall()
    held = {account: last for account, last in rows if account}
    missing = sorted(held.keys() - accounts(con, own))
    last = max(held.values(), default=None)
    is_short = bool(
        is_usage
        and last
        and (load.watermark_date is None or load.watermark_date < last - timedelta(days=1))
    )
    if not missing and not is_short:
        return
    lacks = f"has no line of {_named(missing)}" if missing else ""
    if is_short:
        lacks = f"ends on {load.watermark_date}" if load.watermark_date else "has no records"
    raise RefusedDeliveryError(
        f"{load.source_uri} ({load.dataset} of {load.connection_id} for {load.billing_period}) "
        f"{lacks}, but {other.source_uri} has charges"
        f"{f' until {last}' if is_short else ' of it'} that would be lost: export it for the same "
        "accounts and days, or ingest this one with --take-over"
    )


def accounts(con: duckdb.DuckDBPyConnection, lines: str) -> set[str]:
    """Return the accounts that the lines of an SQL statement bill."""
    rows = con.execute(f"select distinct sub_account_id from ({lines})").fetchall()
    return {row[0] for row in rows if row[0]}


def _named(accounts: Sequence[str]) -> str:
    more = f" and {len(accounts) - 3:,} more" if len(accounts) > 3 else ""
    return f"account {', '.join(accounts[:3])}{more}"
