"""What the demo ends with: what each partner's dashboard holds."""

from decimal import Decimal

from rich.table import Table

from apps.cli.console import amount
from pipeline.settings import Settings
from serving.session import Session, open_session

_COSTS = """
    select
        count(distinct tenant_id) as tenants,
        min(billing_period) as first_period,
        max(billing_period) as last_period
    from fct_cost_daily
"""
_TOTALS = """
    select billing_currency, sum(billed_cost) as billed
    from fct_cost_daily
    group by billing_currency
    order by billed desc
"""
_STATES = """
    select status, count(*) as bills
    from fct_reconciliation
    where cost_type = 'billed'
    group by status
    order by status
"""
_LINES = (
    "select sum(row_count) as landed, sum(rejected_row_count) as rejected from fct_load_freshness"
)

_SCANNED = """
    select
        count(distinct connection_id) as connections,
        sum(resource_count) as resources
    from fct_scan_coverage
    where is_latest and table_name <> 'utilization_daily'
"""
_FINDINGS = (
    "select count(*) as findings, count(distinct resource_id) as resources from fct_findings"
)
_SAVINGS = """
    select billing_currency, sum(counted_monthly_savings) as saved
    from fct_savings
    where is_counted
    group by billing_currency
    order by saved desc
"""


def findings_table(settings: Settings, partners: list[str]) -> Table:
    """Return a row per partner: what its scans saw, what was found, what it would save."""
    table = Table(title="Found", title_justify="left", box=None, pad_edge=False, padding=(0, 3))
    for name in ("Partner", "Connections", "Resources", "Findings", "Open savings a month"):
        table.add_column(name, justify="left" if name == "Partner" else "right", no_wrap=True)
    for partner in partners:
        with open_session(settings.serving, settings.keys, partner) as session:
            (scanned,) = session.query(_SCANNED).to_pylist()
            (found,) = session.query(_FINDINGS).to_pylist()
            savings = session.query(_SAVINGS).to_pylist()
        table.add_row(
            partner,
            f"{scanned['connections']:,}",
            f"{int(scanned['resources'] or 0):,}",
            f"{found['findings']:,} on {found['resources']:,} resources",
            "\n".join(amount(Decimal(row["saved"]), row["billing_currency"]) for row in savings),
        )
    return table


def summary_table(settings: Settings, partners: list[str]) -> Table:
    """Return a row per partner: what is in its serving file, read as the dashboard reads it."""
    table = Table(title="Published", title_justify="left", box=None, pad_edge=False, padding=(0, 3))
    for name in ("Partner", "Tenants", "Months", "Lines", "Rejected", "Billed cost", "Bills"):
        is_count = name in {"Tenants", "Lines", "Rejected", "Billed cost"}
        table.add_column(name, justify="right" if is_count else "left", no_wrap=name != "Bills")
    for partner in partners:
        with open_session(settings.serving, settings.keys, partner) as session:
            table.add_row(partner, *_cells(session))
    return table


def _cells(session: Session) -> list[str]:
    (costs,) = session.query(_COSTS).to_pylist()
    (lines,) = session.query(_LINES).to_pylist()
    totals = session.query(_TOTALS).to_pylist()
    states = session.query(_STATES).to_pylist()
    return [
        str(costs["tenants"]),
        f"{costs['first_period']} to {costs['last_period']}",
        f"{int(lines['landed'] or 0):,}",
        f"{int(lines['rejected'] or 0):,}",
        "\n".join(amount(Decimal(row["billed"]), row["billing_currency"]) for row in totals),
        ", ".join(f"{row['bills']} {row['status']}" for row in states),
    ]
