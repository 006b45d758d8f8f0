"""What the findings page asks: totals, groups and rows of the open findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from apps.dashboard.data import finding_sql
from apps.dashboard.data.decided import Decided
from apps.dashboard.data.source import Source, cached, has_marts, query, query_frame
from apps.dashboard.dimensions import is_tag
from apps.dashboard.finding_fields import FIELDS
from apps.dashboard.finding_state import FindingView

TAG_LIMIT = 200
_MARTS = ("fct_findings", "fct_savings", "fct_finding_history", "fct_scan_coverage", "dim_rule")


@dataclass(frozen=True)
class ScanState:
    """What stands behind the list of findings, or behind its emptiness.

    Attributes:
        is_current: Whether this generation was published with findings at all.
        scan_count: Scans that the partner's tenants had.
        unread_count: Places, of those last scanned, that could not be read whole.
        finding_count: Open findings.
    """

    is_current: bool
    scan_count: int = 0
    unread_count: int = 0
    finding_count: int = 0


@cached
def load_scan_state(source: Source) -> ScanState:
    """Return whether there are scans, findings, and places that were not read."""
    if not has_marts(source, _MARTS):
        return ScanState(is_current=False)
    row = query(
        source,
        """
        select
            count(distinct scan_id) as scan_count,
            count(*) filter (where is_latest and status not in ('complete', 'disabled'))
                as unread_count,
            (select count(*) from fct_findings) as finding_count
        from fct_scan_coverage
        """,
    ).to_pylist()[0]
    return ScanState(is_current=True, **row)


@cached
def load_unverified(source: Source) -> pd.DataFrame:
    """Return the findings that the last scan could not judge, those worth most first."""
    return query_frame(
        source,
        """
        select
            history.finding_id, history.tenant_id, history.resource_id, history.last_seen_date,
            history.estimated_monthly_savings, history.billing_currency,
            coalesce(rules.title, history.rule_id) as rule_title
        from fct_finding_history as history
        left join dim_rule as rules on history.rule_id = rules.rule_id
        where history.status = 'unverified'
        order by history.estimated_monthly_savings desc nulls last, history.finding_id
        """,
    )


@cached
def load_totals(source: Source, view: FindingView, decided: Decided) -> pd.DataFrame:
    """Return one row per currency: findings, resources, savings counted and not, unknown ones."""
    statement = finding_sql.totals(view, decided)
    return query_frame(source, statement.sql, statement.params)


@cached
def load_not_counted(source: Source, view: FindingView, decided: Decided) -> pd.DataFrame:
    """Return why savings are not counted: one row per reason and currency."""
    statement = finding_sql.not_counted(view, decided)
    return query_frame(source, statement.sql, statement.params)


@cached
def load_groups(source: Source, view: FindingView, decided: Decided) -> pd.DataFrame:
    """Return one row per value of the grouping and currency, most counted savings first."""
    statement = finding_sql.groups(view, decided)
    return query_frame(source, statement.sql, statement.params)


@cached
def load_rows(source: Source, view: FindingView, decided: Decided, limit: int) -> pd.DataFrame:
    """Return the findings of the view's page of the list, at most so many."""
    statement = finding_sql.listed(view, decided)
    sql = f"{statement.sql} limit $limit offset $skipped"
    window = {"limit": limit, "skipped": (view.page - 1) * limit}
    return query_frame(source, sql, statement.params | window)


def export_rows(
    source: Source, view: FindingView, decided: Decided, chosen: Sequence[str] = ()
) -> pa.Table:
    """Return the findings of a view for a file, or those chosen among them; not cached."""
    statement = finding_sql.listed(view, decided)
    params, where = statement.params, ""
    if chosen:
        where, params = "where list_contains($chosen, finding_id)", params | {"chosen": [*chosen]}
    sql = f"select * exclude (group_value) from ({statement.sql}) as listed {where}"
    return query(source, sql, params)


@cached
def load_choices(
    source: Source, view: FindingView, decided: Decided
) -> Mapping[str, dict[str, int]]:
    """Return, per field to filter by, its values and how many findings each would leave."""
    used = {view.by, *(key for key, _ in view.filters)}
    keys = [key for key, field in FIELDS.items() if field.is_filter or view.values(key)]
    keys += sorted(key for key in used if is_tag(key))
    statement = finding_sql.choices(view, decided, tuple(keys))
    found: dict[str, dict[str, int]] = {key: {} for key in keys}
    for row in query(source, statement.sql, statement.params).to_pylist():
        found[keys[int(row["place"])]][row["choice"]] = row["finding_count"]
    return found


@cached
def load_tag_keys(source: Source) -> list[str]:
    """Return the tag keys of the findings' resources, the most frequent first."""
    answer = query(
        source,
        f"""
        select tag.key as tag_key
        from fct_findings, json_each(tags) as tag
        group by tag.key
        order by count(*) desc, tag.key
        limit {TAG_LIMIT}
        """,
    )
    return [str(value) for value in answer["tag_key"].to_pylist()]
