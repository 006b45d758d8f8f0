"""Two partners end to end, with tenants and connections of the same ids, and a search of it all."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import create_engine, select

from control.decisions import Change
from control.decisions import Subject as Finding
from control.directory import Directory
from control.models import Base
from control.roles import Role
from control.secrets import FileSecretStore
from ingestion.lake import TenantLake
from pipeline.build import build_warehouse
from pipeline.ingest import ingest_costs
from pipeline.observations import SCHEMA, TABLE
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from pipeline.small_tables import land_small
from serving.encryption import attach_encrypted, load_encryption
from serving.session import open_session
from tests.integration.ingestion import made
from tests.integration.pipeline.scans import Scans

GONE, KEPT = "aurora-qx", "borealis"
SHARED, ALONE = "shared", "zulu"
ACCOUNT, ALONE_ACCOUNT = "000011112222", "987650001234"
CONNECTION, SECOND = f"aws-{ACCOUNT}", "aws-555566667777"
ZOE, YAN, KIM = "zoe@zulu.example", "yan@mail.example", "kim@mail.example"


def make(settings: Settings, exports: Path) -> None:
    """Land, build and publish two partners; the first has a tenant more."""
    for partner in (GONE, KEPT):
        tenants = {SHARED: ACCOUNT} | ({ALONE: ALONE_ACCOUNT} if partner == GONE else {})
        for tenant, account in tenants.items():
            _land(settings, exports / str(len(tenants)) / account, partner, tenant, account)
        _people(settings, partner, list(tenants))
        build_warehouse(settings, partner)
        publish_marts(settings, partner)
        with open_session(settings.serving, settings.keys, partner, tenants=list(tenants)):
            pass  # which leaves a copy for readers who may see those tenants
    settings.logs.mkdir(parents=True, exist_ok=True)
    (settings.logs / "cloudprune.log").write_text(
        f"2026-05-20T10:00:00+00:00 unexpected error\n  File of {GONE}/{ALONE}\n"
        f"2026-05-20T11:00:00+00:00 unexpected error\n  File of {KEPT}\n",
        encoding="utf-8",
    )
    for partner in (GONE, KEPT):
        for folder in ("reports", "generated"):
            (settings.home / folder / partner).mkdir(parents=True)
            (settings.home / folder / partner / "may.txt").write_text(partner, encoding="utf-8")


def _land(settings: Settings, exports: Path, partner: str, tenant: str, account: str) -> None:
    cells = {"BillingAccountId": account, "SubAccountId": account}
    made.write(exports / "first" / "may.csv", made.FOCUS, cells, {**cells, "ResourceId": "vol-1"})
    ingest_costs(settings, partner, tenant, str(exports / "first"), makes_tenant=True)
    second = {"BillingAccountId": "555566667777", "SubAccountId": "555566667777"}
    made.write(exports / "second" / "may.csv", made.FOCUS, {**second, "ResourceId": "vol-2"})
    ingest_costs(settings, partner, tenant, str(exports / "second"))
    lake = TenantLake(settings.lake, partner, tenant)
    if tenant == SHARED:
        scans = Scans(settings, exports, tenant=tenant, partner=partner)
        scans.land(date(2026, 5, 3), {"aws_ec2_instances": []})
    rows = [_observed(f"finding-{number}", f"vol-{number}") for number in (1, 2)]

    land_small(lake, TABLE, pa.Table.from_pylist(rows, SCHEMA), "2026-05-01")
    FileSecretStore(settings.secrets, settings.keys).put(
        partner, tenant, f"aws-{account}", "s3cret"
    )


def _observed(finding_id: str, resource_id: str) -> dict[str, object]:
    return {
        "finding_id": finding_id,
        "rule_id": "aws_ebs_volume_unattached",
        "provider": "aws",
        "resource_id": resource_id,
        "claimed_resource_ids": json.dumps([resource_id]),
        "billing_currency": "USD",
        "estimated_monthly_savings": None,
        "thresholds": "{}",
        "is_exempt": False,
        "is_dismissed": False,
        "is_unverified": False,
    }


def _people(settings: Settings, partner: str, tenants: list[str]) -> None:
    people = (ZOE, YAN) if partner == GONE else (YAN, KIM)
    with Directory(settings.control) as directory:
        for email in people:
            token = directory.invite(partner, email, Role.ADMIN, invited_by="operator")
            directory.accept_invitation(partner, token, subject=email, email=email)
        directory.log_access("", people[0], "sign in", is_refused=True, detail=partner)
        for tenant in tenants:
            for number in (1, 2):
                finding = Finding(tenant, f"finding-{number}")
                directory.decide(
                    partner, [finding], Change("dismissed", reason="kept"), decided_by=people[0]
                )
            directory.log_access(partner, people[0], "see costs", tenant_id=tenant)
            directory.add_rule_exemption(
                partner,
                tenant,
                "*",
                tag_key="keep",
                tag_value="*",
                reason="law",
                created_by=people[0],
            )


def found_in(settings: Settings, *needles: str) -> list[str]:
    """Return every place under the home, and every control table, that has one of some names."""
    pattern = re.compile("|".join(re.escape(needle) for needle in needles))
    raw = re.compile(pattern.pattern.encode())
    places = []
    for path in sorted(settings.home.rglob("*")):
        if pattern.search(path.relative_to(settings.home).as_posix()):
            places.append(f"path {path.relative_to(settings.home)}")
        if path.is_file():
            is_found = raw.search(path.read_bytes()) or any(
                pattern.search(text) for text in _texts(settings, path)
            )
            if is_found:
                places.append(f"content of {path.relative_to(settings.home)}")
    engine = create_engine(settings.control)
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                if pattern.search(str(row)):
                    places.append(f"table {table.name}: {row}")
    engine.dispose()
    return places


def _texts(settings: Settings, path: Path) -> Iterator[str]:
    """Yield what raw bytes do not show: rows of Parquet, and of DuckDB where its key exists."""
    if path.suffix == ".parquet":
        yield str(pq.ParquetFile(path).read().to_pylist())
    if path.suffix == ".duckdb":
        key = settings.keys / f"{_partner_of(path)}.key"
        if key.exists():
            yield from _duckdb_texts(path, key.read_text())


def _partner_of(path: Path) -> str:
    """Return whose serving file or warehouse it is; copies for limited readers lie below."""
    return path.parent.parent.name if path.parent.name == "limited" else path.parent.name


def _duckdb_texts(path: Path, key: str) -> Iterator[str]:
    with duckdb.connect() as connection:
        load_encryption(connection)
        attach_encrypted(connection, path, alias="looked_at", key=key, read_only=True)
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'looked_at'"
        ).fetchall()
        for schema, table in tables:
            rows = connection.execute(f'select * from looked_at."{schema}"."{table}"').fetchall()
            yield str(rows)
