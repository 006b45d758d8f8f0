"""What runs late brings nobody back who was erased meanwhile, and leaves no name of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from control.directory import Directory
from control.errors import UnknownParentError
from control.privacy_records import Subject
from pipeline.build import build_warehouse
from pipeline.ingest import ingest_costs, new_deliveries
from pipeline.locking import exclusive
from pipeline.privacy.erase import erase
from pipeline.publish import publish_marts
from pipeline.scan import scan_tenant
from pipeline.settings import Settings
from tests.integration.ingestion import made
from tests.integration.pipeline.acme import ACME, WEB, home

__all__ = ["home"]
pytestmark = pytest.mark.integration

Work = Callable[[Settings, Path], object]
WORK: dict[str, Work] = {
    "ingest": lambda settings, bills: ingest_costs(settings, "acme", "web", str(bills)),
    "look": lambda settings, _: new_deliveries(settings, "acme", "web"),
    "scan": lambda settings, _: scan_tenant(settings, "acme", "web"),
    "build": lambda settings, _: build_warehouse(settings, "acme"),
    "publish": lambda settings, _: publish_marts(settings, "acme"),
}


@pytest.fixture
def bills(exports: Path) -> Path:
    made.write(exports / "may.csv", made.FOCUS, {})
    return exports


def gone(settings: Settings, subject: Subject) -> None:
    """Erase somebody."""
    erase(settings, subject, confirmation=subject.name, requested_by="operator")


def left(settings: Settings) -> list[str]:
    """Return all that names the partner, in the database or as a path."""
    with Directory(settings.control) as directory:
        rows = [each.partner_id for each in directory.partners()]
    return rows + [str(path) for path in settings.home.rglob("*acme*")]


@pytest.mark.parametrize("name", WORK)
def test_what_starts_after_an_erasure_leaves_nothing(
    name: str, home: Settings, bills: Path
) -> None:
    gone(home, ACME)

    with pytest.raises(UnknownParentError, match="if it was erased, it stays so"):
        WORK[name](home, bills)

    assert left(home) == []


@pytest.mark.parametrize("makes_tenant", [False, True], ids=["job", "operator"])
@pytest.mark.parametrize("subject", [ACME, WEB], ids=lambda each: each.kind.value)
def test_what_waited_during_an_erasure_leaves_nothing(
    subject: Subject,
    makes_tenant: bool,
    home: Settings,
    bills: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @contextmanager
    def waited(*given: Any) -> Iterator[None]:
        gone(home, subject)
        with exclusive(*given):
            yield

    monkeypatch.setattr("pipeline.processing.exclusive", waited)
    with pytest.raises(UnknownParentError, match="tenant web of partner acme does not exist"):
        ingest_costs(home, "acme", "web", str(bills), makes_tenant=makes_tenant)

    with Directory(home.control) as directory:
        assert directory.tenants("acme") == ()
    if subject is ACME:
        assert left(home) == []


def test_the_operator_makes_a_tenant_anew(home: Settings, bills: Path) -> None:
    gone(home, ACME)

    report = ingest_costs(home, "acme", "web", str(bills), makes_tenant=True)

    assert report.exit_status == 0
