"""Erasure of a partner, tenant, connection or member: nothing of it is left, all else is."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from control.directory import Directory
from control.errors import (
    ErasureUnderWayError,
    LastAdminError,
    PrivacyRequestError,
    UnknownParentError,
)
from control.keyring import installation_key
from control.privacy_records import RequestKind, Subject, SubjectKind
from control.secrets import FileSecretStore
from control.tombstones import partner_digest
from ingestion.costs.report import Kind
from pipeline.ingest import ingest_costs
from pipeline.privacy.erase import STEPS, erase
from pipeline.privacy.finishing import finish_interrupted
from pipeline.privacy.standstill import erasing_alone
from pipeline.privacy.subjects import member_of
from pipeline.settings import Settings
from serving.session import open_session
from tests.content import served
from tests.e2e.privacy import estate
from tests.e2e.privacy.estate import (
    ALONE,
    ALONE_ACCOUNT,
    CONNECTION,
    GONE,
    KEPT,
    SECOND,
    SHARED,
    YAN,
    ZOE,
    found_in,
)

pytestmark = pytest.mark.e2e

PARTNER = Subject(SubjectKind.PARTNER, GONE)
TENANT = Subject(SubjectKind.TENANT, GONE, ALONE)
ROOT = Path(__file__).parents[3]
_KILLED = """
import os, signal, sys
from pathlib import Path
from control.privacy_records import Subject, SubjectKind
from pipeline.privacy import erase as module, finishing
from pipeline.privacy.progress import ErasureProgress
from pipeline.settings import Settings

home, moment, step, kind, tenant = sys.argv[1:]
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
def dying(method):
    def called(self, name, *rest):
        if name == step:
            die()
        return method(self, name, *rest)
    return called
if moment == "removed":
    ErasureProgress.finish = dying(ErasureProgress.finish)
elif moment == "counted":
    ErasureProgress.note = dying(ErasureProgress.note)
elif step == "rows":
    module.finish_erasure = die
elif step == "scrub":
    module.finish_erasure.__globals__["_take_latecomers"] = die
else:
    finishing.build_warehouse = die
subject = Subject(SubjectKind(kind), "aurora-qx", tenant)
module.erase(Settings(home=Path(home)), subject, confirmation=subject.name, requested_by="test")
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    estate.make(Settings(home=folder / "home", work_memory="1GB"), folder / "exports")
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Settings:
    """A copy of two partners, built and published."""
    shutil.copytree(template / "home", tmp_path / "home")
    return Settings(home=tmp_path / "home", work_memory="1GB")


def files_of(settings: Settings, partner: str) -> dict[str, bytes]:
    """Return every file under the home that has a partner in its path."""
    return {
        path.relative_to(settings.home).as_posix(): path.read_bytes()
        for path in sorted(settings.home.rglob("*"))
        if path.is_file() and partner in path.relative_to(settings.home).as_posix()
    }


def test_the_search_finds_what_is_there(home: Settings) -> None:
    found = " ".join(found_in(home, GONE, ALONE, ALONE_ACCOUNT, ZOE))

    for place in ("lake", "work", "serving", "secrets", "keys", "logs", "reports", "table members"):
        assert place in found


def test_an_erased_partner_is_found_in_no_file_and_no_table(home: Settings) -> None:
    kept, others = served(home, KEPT), files_of(home, KEPT)

    receipt = erase(home, PARTNER, confirmation=GONE, requested_by="operator")

    assert found_in(home, GONE, ALONE, ALONE_ACCOUNT, ZOE) == []
    assert served(home, KEPT) == kept
    assert files_of(home, KEPT) == others
    assert receipt.counts["lake files"] > 5
    assert receipt.counts["keys"] >= 2
    assert receipt.counts["rows of tenants"] == 2
    assert receipt.counts["secrets"] == 2
    assert receipt.counts["log records"] == 1
    assert receipt.counts["reports"] == 1
    assert FileSecretStore(home.secrets, home.keys).get(KEPT, SHARED, CONNECTION) == "s3cret"


def test_erasing_it_again_shows_the_receipt_again(home: Settings) -> None:
    first = erase(home, PARTNER, confirmation=GONE, requested_by="operator")

    again = erase(home, PARTNER, confirmation="", requested_by="operator")

    assert again == first


def test_an_erased_tenant_is_found_nowhere_and_its_partner_goes_on(home: Settings) -> None:
    kept, others = served(home, KEPT), files_of(home, KEPT)

    erase(home, TENANT, confirmation=TENANT.name, requested_by=YAN)

    assert found_in(home, ALONE_ACCOUNT, f"tenant_id={ALONE}", f"'{ALONE}'", f'"{ALONE}"') == []
    assert served(home, KEPT) == kept
    assert files_of(home, KEPT) == others
    assert not list((home.serving / GONE / "limited").glob("*.duckdb"))
    with open_session(home.serving, home.keys, GONE) as session:
        left = session.query("select distinct tenant_id from fct_cost_lines").to_pylist()
        assert session.generation == 2
    assert left == [{"tenant_id": SHARED}]
    with Directory(home.control) as directory:
        directory.require_processing(GONE)
        (request,) = directory.privacy_requests(GONE)
        assert (request.state, request.tenant_id) == ("done", "")


def test_a_tenant_of_the_same_name_of_another_partner_stays(home: Settings) -> None:
    kept, others = served(home, KEPT), files_of(home, KEPT)
    subject = Subject(SubjectKind.TENANT, GONE, SHARED)

    erase(home, subject, confirmation=subject.name, requested_by=YAN)

    assert served(home, KEPT) == kept
    assert files_of(home, KEPT) == others
    assert not (Path(home.lake) / f"partner_id={GONE}/tenant_id={SHARED}").exists()
    assert (Path(home.lake) / f"partner_id={KEPT}/tenant_id={SHARED}").exists()


def test_an_erased_connection_goes_with_its_findings_and_its_siblings_stay(home: Settings) -> None:
    kept, others = served(home, KEPT), files_of(home, KEPT)
    subject = Subject(SubjectKind.CONNECTION, GONE, SHARED, CONNECTION)

    receipt = erase(home, subject, confirmation=subject.name, requested_by=YAN)

    tenant = f"partner_id={GONE}/tenant_id={SHARED}"
    assert [place for place in found_in(home, CONNECTION) if f"{GONE}/" in place] == []
    assert not list(Path(home.lake, tenant).rglob(f"connection_id={CONNECTION}"))
    assert next(Path(home.lake, tenant, "cost_lines").iterdir()).name.endswith(SECOND)
    assert served(home, KEPT) == kept
    assert files_of(home, KEPT) == others
    assert receipt.counts["lake files, changed"] >= 1
    with Directory(home.control) as directory:
        ids = {(d.tenant_id, d.finding_id) for d in directory.decisions(GONE)}
        sources = directory.sources(GONE, SHARED)
    assert ids == {(SHARED, "finding-2"), (ALONE, "finding-1"), (ALONE, "finding-2")}
    assert [Path(source).name for source in sources] == ["second"]


def test_an_erased_connection_does_not_land_again_until_somebody_wants_it(
    home: Settings, template: Path
) -> None:
    subject = Subject(SubjectKind.CONNECTION, GONE, SHARED, CONNECTION)
    erase(home, subject, confirmation=subject.name, requested_by=YAN)
    source = str(template / "exports/2/000011112222/first")

    left_out = ingest_costs(home, GONE, SHARED, source)
    wanted = ingest_costs(home, GONE, SHARED, source, take_over=True)

    assert [outcome.kind for outcome in left_out.outcomes] == [Kind.SKIPPED]
    assert "erased" in left_out.outcomes[0].message
    assert [outcome.kind for outcome in wanted.outcomes] == [Kind.LANDED]


def test_an_erased_member_is_found_nowhere_in_its_partner(home: Settings) -> None:
    kept = served(home, KEPT)
    with Directory(home.control) as directory:
        zoe = member_of(directory, GONE, ZOE)
    subject = Subject(SubjectKind.MEMBER, GONE, subject_id=zoe.member_id)

    receipt = erase(home, subject, confirmation=ZOE, requested_by=YAN)

    assert found_in(home, ZOE, zoe.member_id) == []
    assert receipt.counts["lake files, changed"] == 2  # one table of exemptions per tenant
    assert served(home, KEPT) == kept
    with Directory(home.control) as directory:
        assert {d.decided_by for d in directory.decisions(GONE)} == {"erased member"}


def test_the_last_admin_is_refused_before_anything_goes(home: Settings) -> None:
    with Directory(home.control) as directory:
        zoe, yan = member_of(directory, GONE, ZOE), member_of(directory, GONE, YAN)
        directory.remove_member(GONE, zoe.member_id)
    before = files_of(home, GONE)
    subject = Subject(SubjectKind.MEMBER, GONE, subject_id=yan.member_id)

    with pytest.raises(LastAdminError, match="last admin"):
        erase(home, subject, confirmation=YAN, requested_by=YAN)

    assert files_of(home, GONE) == before


@pytest.mark.parametrize("typed", ["", "aurora", f"{GONE}/", KEPT])
def test_what_was_not_typed_is_not_erased(typed: str, home: Settings) -> None:
    before = files_of(home, GONE)

    with pytest.raises(PrivacyRequestError, match=f"type exactly {GONE}"):
        erase(home, PARTNER, confirmation=typed, requested_by="operator")

    assert files_of(home, GONE) == before
    with Directory(home.control) as directory:
        assert directory.privacy_requests(GONE) == ()


def test_what_is_not_there_is_told(home: Settings) -> None:
    subject = Subject(SubjectKind.TENANT, GONE, "nobody")

    with pytest.raises(UnknownParentError, match="no tenant aurora-qx/nobody"):
        erase(home, subject, confirmation=subject.name, requested_by="operator")


def test_of_two_admins_who_erase_at_once_one_is_told(home: Settings) -> None:
    whose = partner_digest(installation_key(home.keys), GONE)
    with Directory(home.control) as directory:
        directory.request_privacy(PARTNER, RequestKind.ERASURE, requested_by=ZOE)
        with pytest.raises(ErasureUnderWayError, match=ZOE):
            directory.request_privacy(PARTNER, RequestKind.ERASURE, requested_by=YAN)
    before = files_of(home, GONE)

    with erasing_alone(home, whose), pytest.raises(ErasureUnderWayError, match="another process"):
        erase(home, PARTNER, confirmation=GONE, requested_by=YAN)

    assert files_of(home, GONE) == before
    erase(home, PARTNER, confirmation=GONE, requested_by=YAN)
    assert found_in(home, GONE, ZOE) == []


@pytest.mark.parametrize(
    ("moment", "step"),
    [
        *(("removed", step) for step in STEPS),
        ("counted", "the lake"),
        ("finishing", "rows"),
        ("finishing", "scrub"),
    ],
)
def test_a_killed_erasure_of_a_partner_is_finished_by_the_same_call(
    moment: str, step: str, home: Settings
) -> None:
    kept = served(home, KEPT)

    killed(home, moment, step, PARTNER)
    receipt = erase(home, PARTNER, confirmation=GONE, requested_by="operator")

    assert found_in(home, GONE, ALONE, ALONE_ACCOUNT, ZOE) == []
    assert served(home, KEPT) == kept
    assert receipt.counts["lake files"] > 5
    assert receipt.counts["rows of tenants"] == 2


@pytest.mark.parametrize("step", ["rows", "build"])
def test_a_killed_erasure_of_a_tenant_is_finished_by_the_worker(step: str, home: Settings) -> None:
    killed(home, "finishing", step, TENANT)

    assert finish_interrupted(home) == (1, {})
    assert found_in(home, ALONE_ACCOUNT, f"tenant_id={ALONE}") == []
    with open_session(home.serving, home.keys, GONE) as session:
        left = session.query("select distinct tenant_id from fct_cost_lines").to_pylist()
    assert left == [{"tenant_id": SHARED}]
    with Directory(home.control) as directory:
        directory.require_processing(GONE)
    assert finish_interrupted(home) == (0, {})


def test_a_partner_that_was_restricted_before_stays_so(home: Settings) -> None:
    with Directory(home.control) as directory:
        directory.restrict(PARTNER)

    receipt = erase(home, TENANT, confirmation=TENANT.name, requested_by=YAN)

    assert "could not be built again" in receipt.notes[-1]
    with Directory(home.control) as directory:
        assert directory.partners()[0].restricted_at is not None


def killed(settings: Settings, moment: str, step: str, subject: Subject) -> None:
    """Begin an erasure in a process that kills itself at a step."""
    done = subprocess.run(
        [
            sys.executable, "-c", _KILLED, str(settings.home), moment, step, subject.kind.value,
            subject.tenant_id,
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
