"""The two partners, landed and published by the orchestrator's jobs, with all that these tell."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

import dagster as dg
import pytest

from orchestration.partitions import TenantKey, partners, tenants
from pipeline.settings import Settings
from serving.session import open_session
from tests.e2e.isolation.estate import (
    MONTH,
    OTHER_TENANT,
    RULE,
    SIDES,
    TENANT,
    UNREAD_TENANT,
    VOLUME,
    Side,
    decide,
    prepare,
)
from tests.integration.orchestration.running import code_location, executed, opened_instance

NOWHERE = {
    "AWS_ACCESS_KEY_ID": "of-the-tests",
    "AWS_SECRET_ACCESS_KEY": "of-the-tests",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_MAX_ATTEMPTS": "1",
    "AZURE_AUTHORITY_HOST": "https://127.0.0.1:9",
}
"""Clouds that nobody answers for: what asks them fails at once, and says so."""


@dataclass(frozen=True)
class Ran:
    """One run of a job.

    Attributes:
        job: Its name.
        side: For whom; None where it does everybody's.
        told: Everything that the orchestrator keeps of it.
    """

    job: str
    side: Side | None
    told: str


@dataclass(frozen=True)
class Estate:
    """What was made, and the runs that made it."""

    settings: Settings
    ran: tuple[Ran, ...]
    finding_id: str


def _of_tenants(side: Side) -> list[str]:
    return [
        str(TenantKey(side.partner_id, tenant)) for tenant in (TENANT, OTHER_TENANT, UNREAD_TENANT)
    ]


PARTITIONS: dict[str, Callable[[Side], list[str]] | None] = {
    "land_costs": lambda side: [
        TenantKey(side.partner_id, tenant).period(MONTH) for tenant in (TENANT, OTHER_TENANT)
    ],
    "scan_clouds": lambda side: [str(TenantKey(side.partner_id, UNREAD_TENANT))],
    "publish_marts": lambda side: [side.partner_id],
    "check_freshness": lambda side: [side.partner_id],
    "connect_clouds_job": None,
    "joined_accounts_job": None,
    "privacy_work_job": None,
    "retention_job": None,
}
"""Every job, in an order that works, with its partitions; None where a run does everybody's."""
FAILING = frozenset({"scan_clouds"})


@pytest.fixture(scope="package")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    folder = tmp_path_factory.mktemp("isolation")
    settings = Settings(home=folder / "state", work_memory="1GB", scan_attempts=1)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in NOWHERE.items():
            patch.setenv(name, value)
        for side in SIDES:
            prepare(settings, folder, side)
        with opened_instance(settings) as instance:
            for side in SIDES:
                instance.add_dynamic_partitions(tenants.name or "", _of_tenants(side))
                instance.add_dynamic_partitions(partners.name or "", [side.partner_id])
            ran = tuple(_runs(settings, instance))
        finding_ids = {_finding_id(settings, side) for side in SIDES}
        (finding_id,) = finding_ids  # the same resource of the same tenant has the same finding
        for side in SIDES:
            decide(settings, side, finding_id)
        yield Estate(settings, ran, finding_id)


def _runs(settings: Settings, instance: dg.DagsterInstance) -> Iterator[Ran]:
    location = code_location(settings)
    for name, partitions in PARTITIONS.items():
        job = location.resolve_job_def(name)
        if partitions is None:
            yield _run(job, instance, None, None)
            continue
        for side in SIDES:
            for key in partitions(side):
                yield _run(job, instance, side, key)


def _run(
    job: dg.JobDefinition, instance: dg.DagsterInstance, side: Side | None, key: str | None
) -> Ran:
    done = executed(job, instance, key, raise_on_error=job.name not in FAILING)
    events = [dg.serialize_value(entry) for entry in instance.all_logs(done.run_id)]
    run = instance.get_run_by_id(done.run_id)
    return Ran(job.name, side, "\n".join([*events, str(run)]))


def _finding_id(settings: Settings, side: Side) -> str:
    with open_session(settings.serving, settings.keys, side.partner_id) as session:
        (row,) = session.query(
            f"select finding_id from fct_findings where tenant_id = '{TENANT}' "
            f"and resource_id = '{VOLUME}' and rule_id = '{RULE}'"
        ).to_pylist()
    return str(row["finding_id"])


Copied = Callable[[], Estate]


@pytest.fixture
def copied(estate: Estate, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Copied:
    """Copy the state of both, for what changes it, and let the environment lead there."""

    def copy() -> Estate:
        target = Path(mkdtemp(dir=tmp_path)) / "state"
        shutil.copytree(home, target)
        monkeypatch.setenv("CLOUDPRUNE_HOME", str(target))
        settings = estate.settings.model_copy(update={"home": target})
        return replace(estate, settings=settings)

    return copy


@pytest.fixture
def home(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state of both, for pages and functions that read the environment."""
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CLOUDPRUNE_HOME", str(estate.settings.home))
    return estate.settings.home
