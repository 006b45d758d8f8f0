"""Refuses deliveries that would count the same dollars twice, or lose some."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import duckdb

from ingestion.costs.engine import file_literal
from ingestion.costs.ledger import Load
from ingestion.costs.partitions import NO_SCOPE
from ingestion.errors import RefusedDeliveryError
from ingestion.lake import TenantLake

_ADVICE = "keep one of them, or ingest this one with --take-over"
_KEEP_ONE = (
    "keep one of them: export the account in one of both only, and where that is not the one that "
    "landed, land the other again without the account, with --take-over"
)


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
    bill that names none.

    Raises:
        RefusedDeliveryError: It came from elsewhere, and shares no account with the other.
    """
    if other.dataset != load.dataset or other.source_uri == load.source_uri:
        return
    ours, theirs = accounts(con, own), accounts(con, existing)
    if ours & theirs or not (load.scope == NO_SCOPE or (ours and not theirs)):
        return
    raise RefusedDeliveryError(
        f"{load.source_uri} and {other.source_uri}, which landed as {load.connection_id} for "
        f"{load.billing_period}, name no account in common, so whether they are one bill cannot be "
        "told; export them with their billing account and accounts, give each a file name of its "
        "own, or ingest this one with --take-over"
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
    lacks = f"has no line of account {', '.join(missing[:3])}" if missing else ""
    if len(missing) > 3:
        lacks += f" and {len(missing) - 3:,} more"
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


def check_siblings(
    con: duckdb.DuckDBPyConnection,
    lake: TenantLake,
    lines: Path,
    load: Load,
    siblings: Sequence[str],
    spool: Path,
) -> None:
    """Refuse lines of an account that another connection already bills for the same days.

    An account that moves between payers is billed by both, on different days.

    Raises:
        RefusedDeliveryError: Both bill the same account on more than one day, or on every day.
    """
    for sibling in siblings:
        other = lake.fetch("cost_lines", sibling, load.billing_period, spool=spool)
        if other is None:
            continue
        row = con.execute(f"""
            with ours as ({_days(lines)}), theirs as ({_days(other)})
            select
                any_value(ours.account), count(*),
                (select count(*) from ours as mine where mine.account = ours.account) as own_days
            from ours join theirs using (account, day)
            group by ours.account
            having count(*) > 1 or count(*) = own_days
            limit 1
        """).fetchone()
        if row:
            raise RefusedDeliveryError(
                f"{load.source_uri} overlaps with {sibling}: both bill account {row[0]} on "
                f"{row[1]} days of {load.billing_period}, and both would be counted; {_KEEP_ONE}"
            )


def _days(path: Path) -> str:
    return f"""
        select distinct sub_account_id as account, cast(charge_period_start as date) as day
        from read_parquet({file_literal(path)}, hive_partitioning = false)
        where sub_account_id is not null and x_source_cost <> 0
    """
