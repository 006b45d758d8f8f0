"""A partner's marts, made by hand and small: published like real ones, for pages to show.

Everything derives from the lines, so that a test can say in SQL what a page must show.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.settings import Settings
from serving.encryption import attach_encrypted, load_encryption
from serving.keys import partner_key
from serving.publish import Warehouse, publish_warehouse
from tests.e2e.dashboard.findings import Estate, build_findings
from tests.e2e.dashboard.things import EMOJI, FORMULA, SCRIPT, THINGS, Thing

THROUGH = date(2026, 6, 14)
DEFAULT_ESTATE = Estate(FORMULA, EMOJI, SCRIPT)

_AMOUNT = pa.decimal128(38, 20)
_LINES = pa.schema(
    [
        *((name, pa.string()) for name in ("tenant_id", "connection_id", "provider")),
        ("billing_period", pa.string()),
        ("charge_date", pa.date32()),
        ("charge_period_start", pa.timestamp("us")),
        ("charge_period_end", pa.timestamp("us")),
        *(
            (name, pa.string())
            for name in (
                "sub_account_id",
                "service_name",
                "service_category",
                "region_id",
                "resource_id",
                "resource_name",
                "charge_category",
                "charge_class",
                "charge_description",
                "pricing_category",
                "commitment_discount_id",
                "commitment_discount_status",
                "charge_type",
                "usage_type",
                "operation",
            )
        ),
        ("pricing_quantity", _AMOUNT),
        ("pricing_unit", pa.string()),
        ("billing_currency", pa.string()),
        ("billed_cost", _AMOUNT),
        ("effective_cost", _AMOUNT),
        ("list_cost", _AMOUNT),
        ("contracted_cost", _AMOUNT),
        *((name, pa.string()) for name in ("tags", "invoice_id", "source_file", "note")),
        ("load_version", pa.string()),
    ]
)


def publish_partner(
    settings: Settings,
    partner_id: str,
    *,
    through: date = THROUGH,
    months: int = 12,
    tenant_copies: int = 1,
    has_gap: bool = True,
    estate: Estate | None = DEFAULT_ESTATE,
) -> int:
    """Publish made-up marts of a partner and return the generation.

    Args:
        settings: Where the state lies.
        partner_id: Whose marts.
        through: Newest day of cost.
        months: Billing periods, the newest included.
        tenant_copies: How often the three tenants are repeated, under numbered names.
        has_gap: Whether one figure differs from the provider's total.
        estate: What was scanned and found; None for marts from before there were findings.
    """
    path = settings.work(partner_id) / "warehouse.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        load_encryption(connection)
        attach_encrypted(
            connection,
            path,
            alias="warehouse",
            key=partner_key(settings.keys, partner_id),
            read_only=False,
        )
        connection.execute("create schema warehouse.marts")
        connection.execute("use warehouse.marts")
        _build(connection, through, months, tenant_copies, has_gap=has_gap)
        if estate is not None:
            build_findings(connection, estate, through)
        connection.execute("use memory")
        connection.execute("detach warehouse")
    report = publish_warehouse(
        Warehouse(path, "marts", path.parent / "scratch", "1GB", 1, is_whole=lambda _: True),
        serving_root=settings.serving,
        keys_root=settings.keys,
        partner_id=partner_id,
        say=lambda _: None,
    )
    return report.generation


def _build(
    connection: duckdb.DuckDBPyConnection,
    through: date,
    months: int,
    tenant_copies: int,
    *,
    has_gap: bool,
) -> None:
    lines = pa.Table.from_pylist(list(_lines(through, months)), schema=_LINES)
    connection.register("made_lines", lines)
    connection.execute(
        """
        create table fct_cost_lines as
        select made_lines.* replace (
            case when copy = 1 then tenant_id else tenant_id || '-' || copy end as tenant_id
        )
        from made_lines, range(1, $copies + 1) as copies(copy)
        """,
        {"copies": tenant_copies},
    )
    connection.unregister("made_lines")
    connection.execute("set variable has_gap = $has_gap", {"has_gap": has_gap})
    connection.execute("set variable newest = $newest", {"newest": through})
    connection.execute(Path(__file__).with_name("marts.sql").read_text(encoding="utf-8"))


def _lines(through: date, months: int) -> Iterator[dict[str, object]]:
    first = through.replace(day=1)
    for _ in range(months - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    for number in range((through - first).days + 1):
        charged = first + timedelta(days=number)
        for thing in THINGS:
            yield _line(thing, charged, number)


def _line(thing: Thing, charged: date, number: int) -> dict[str, object]:
    rhythm = Decimal(100 + number // 7 + (8 if charged.weekday() < 5 else 0)) / 100
    billed = Decimal(thing.per_day) * rhythm
    effective = billed * Decimal("0.75") if thing.commitment else billed
    start = datetime.combine(charged, datetime.min.time())
    tail = "aws" if thing.provider == "aws" else "azure"
    return {
        "tenant_id": thing.tenant,
        "connection_id": f"{tail}-{thing.account[:12]}",
        "provider": thing.provider,
        "billing_period": f"{charged:%Y-%m}",
        "charge_date": charged,
        "charge_period_start": start,
        "charge_period_end": start + timedelta(days=1),
        "sub_account_id": thing.account,
        "service_name": thing.service,
        "service_category": thing.category,
        "region_id": thing.region,
        "resource_id": thing.resource,
        "resource_name": thing.name,
        "charge_category": "Usage" if thing.resource else "Purchase",
        "charge_class": None,
        "charge_description": f"{thing.per_day} per day for {thing.name or thing.service}",
        "pricing_category": "Committed" if thing.commitment else "Standard",
        "commitment_discount_id": "sp-1" if thing.commitment else None,
        "commitment_discount_status": thing.commitment,
        "charge_type": "Usage",
        "usage_type": "BoxUsage",
        "operation": "Run",
        "pricing_quantity": Decimal(24),
        "pricing_unit": "Hours",
        "billing_currency": thing.currency,
        "billed_cost": billed,
        "effective_cost": effective,
        "list_cost": billed * Decimal("1.25") if thing.has_list else None,
        "contracted_cost": billed,
        "tags": thing.tags,
        "invoice_id": None,
        "source_file": f"exports/{charged:%Y-%m}/part-0001.csv.gz",
        "note": None,
        "load_version": f"v-{charged:%Y-%m}",
    }
