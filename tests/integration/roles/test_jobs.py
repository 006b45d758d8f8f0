"""Every job of the orchestrator asks the table, and a restriction, too."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from control import roles
from control.directory import Directory
from control.privacy_records import Subject, SubjectKind
from control.roles import Action, Role, processes
from orchestration.partitions import TenantKey, partners, tenants
from pipeline.settings import Settings
from tests.conftest import PARTNER, TENANT
from tests.integration.orchestration.running import code_location, executed

pytestmark = pytest.mark.integration

KEY = TenantKey(PARTNER, TENANT)
JOBS: dict[str, tuple[str | None, Action]] = {
    "land_costs": (KEY.period("2026-05"), Action.RUN_PLATFORM),
    "scan_clouds": (str(KEY), Action.SCAN),
    "publish_marts": (PARTNER, Action.RUN_PLATFORM),
    "check_freshness": (PARTNER, Action.SEE_HEALTH),
    "connect_clouds_job": (None, Action.CONNECT),
    "joined_accounts_job": (None, Action.CONNECT),
    "privacy_work_job": (None, Action.MANAGE_PRIVACY),
    "retention_job": (None, Action.KEEP_STORED),
}
"""Every job, with a partition of it and what it asks for; None where it is of the installation."""


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as opened:
        opened.add_dynamic_partitions(tenants.name or "", [str(KEY)])
        opened.add_dynamic_partitions(partners.name or "", [PARTNER])
        yield opened


def tried(name: str, settings: Settings, instance: dg.DagsterInstance) -> tuple[bool, str]:
    """Run a job; return whether it succeeded, and why not."""
    done = executed(code_location(settings).resolve_job_def(name), instance, JOBS[name][0])
    failures = done.filter_events(lambda event: event.is_step_failure)
    return done.success, " ".join(str(each.event_specific_data) for each in failures)


def entries(settings: Settings, name: str) -> list[tuple[str, str, str]]:
    with Directory(settings.control) as directory:
        found = directory.access_log(PARTNER if JOBS[name][0] else "")
    return [(entry.actor, entry.action, entry.outcome) for entry in found]


def test_every_job_is_in_the_walk(settings: Settings) -> None:
    with dg.DagsterInstance.ephemeral():  # whatever instance was opened before is gone
        declared = code_location(settings).get_repository_def().get_all_jobs()

    assert {job.name for job in declared if not job.name.startswith("__")} == set(JOBS), (
        f"add new jobs to JOBS in {__name__}, with a partition and the action that they ask for"
    )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
@pytest.mark.parametrize("name", JOBS)
def test_a_job_does_nothing_that_its_role_may_not(
    name: str,
    role: Role,
    settings: Settings,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    action = JOBS[name][1]
    monkeypatch.setitem(roles.ALLOWED, Role.OPERATOR, roles.ALLOWED[role] - {action})

    is_done, why = tried(name, settings, instance)

    assert not is_done
    assert f"may not {action}" in why
    ((actor, logged, outcome),) = entries(settings, name)
    assert (actor.startswith("job "), logged, outcome) == (True, action.value, "refused")


@pytest.mark.parametrize("name", [name for name in JOBS if name != "publish_marts"])
def test_a_job_is_on_record(name: str, settings: Settings, instance: dg.DagsterInstance) -> None:
    tried(name, settings, instance)

    *failures, (actor, action, outcome) = entries(settings, name)
    assert (actor.startswith("job "), action, outcome) == (True, JOBS[name][1].value, "done")
    assert set(failures) <= {(actor, action, "refused")}  # what it needs is not there


@pytest.mark.parametrize("name", [n for n, (key, a) in JOBS.items() if key and processes(a)])
def test_no_job_processes_a_restricted_partner(
    name: str, settings: Settings, instance: dg.DagsterInstance
) -> None:
    with Directory(settings.control) as directory:
        directory.restrict(Subject(SubjectKind.PARTNER, PARTNER))

    is_done, why = tried(name, settings, instance)

    assert not is_done
    assert "is restricted since" in why
