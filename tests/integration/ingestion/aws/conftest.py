"""A small AWS account to scan, and what it takes to scan it."""

import logging
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest

from ingestion.aws.collector import AwsCollector
from ingestion.inventory.history import History
from ingestion.inventory.report import ScanReport
from ingestion.inventory.scan import Scan
from ingestion.lake import TenantLake
from ingestion.model import AwsAccess, Connection
from ingestion.registry import resource_types_of
from tests.integration.ingestion.aws import cloud as clouds
from tests.integration.ingestion.aws.cloud import Cloud, regions_answer

ACCOUNT = "222233334444"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/cloudprune"
ACCESS = AwsAccess(ROLE, "an-external-id")
CONNECTION = Connection("northwind", "contoso", f"aws-{ACCOUNT}", "aws", ACCESS)
REGIONS = ("eu-west-1", "us-west-2")
TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

ScanDay = Callable[..., ScanReport]


@pytest.fixture(scope="session")
def _server() -> Iterator[Cloud]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with clouds.running() as cloud:
        yield cloud


@pytest.fixture
def cloud(_server: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """An empty cloud that boto3 finds."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", _server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIABASEBASEBASEBASE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "base-secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    _server.faults.clear()
    _server.prepared.clear()
    _server.enforces_trust = False
    _server.prepared["DescribeRegions"] = lambda _: regions_answer(REGIONS)
    reset = urllib.request.Request(f"{_server.url}/moto-api/reset", method="POST")
    urllib.request.urlopen(reset)
    _server.calls.clear()
    _server.bodies.clear()
    return _server


@pytest.fixture
def client(cloud: Cloud) -> Callable[..., Any]:
    """Return clients inside the tenant's account, with which tests fill it."""

    def made(service: str, region: str = "eu-west-1") -> Any:
        opened = boto3.client(service, region_name=region)
        opened.meta.events.register(
            "before-sign",
            lambda request, **_: request.headers.__setitem__("x-moto-account-id", ACCOUNT),
        )
        return opened

    return made


@pytest.fixture
def lake(tmp_path: Path) -> TenantLake:
    return TenantLake(str(tmp_path / "lake"), "northwind", "contoso")


@pytest.fixture
def scan(cloud: Cloud, lake: TenantLake) -> ScanDay:
    """Scan the account and return the report."""

    def run(
        day: date = TODAY, *, now: datetime | None = None, scan_id: str = "scan-1", **limits: Any
    ) -> ScanReport:
        kinds: Any = resource_types_of("aws")
        history = History(lake, CONNECTION.connection_id, day)
        options: dict[str, Any] = {"attempts": 2, "used_regions": history.used_regions()} | limits
        with AwsCollector(ACCESS, kinds, **options) as collector:
            return Scan(
                CONNECTION,
                lake,
                collector,
                kinds,
                scan_id=scan_id,
                requested_by="test",
                snapshot_date=day,
                clock=lambda: now or datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            ).run()

    return run
