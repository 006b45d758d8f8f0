"""Setups, requests to the worker, states of connections, and the end of access."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from control.connection_states import Verdict
from control.directory import Directory
from control.engine import open_engine, writing
from control.errors import InvalidInputError, UnknownParentError
from control.onboarding import RequestKind, SetupKind
from control.scoping import EVERYONE, scope

ROLE = "arn:aws:iam::222233334444:role/cloudprune"
KEY = "AKIAIOSFODNN7EXAMPLE"


@pytest.fixture
def directory(control_url: str) -> Iterator[Directory]:
    with Directory(control_url) as opened:
        for partner in ("acme", "globex"):
            opened.ensure_tenant(partner, "retail")
            opened.record_connection(partner, "retail", "aws-1", provider="aws", scope="1")
        yield opened


def begin(directory: Directory, partner: str = "acme") -> str:
    kind = SetupKind.ACCOUNT
    return directory.begin_setup(partner, "retail", kind, started_by="ada").external_id


def connect(
    directory: Directory, partner: str, verdict: Verdict, *, is_proved: bool = True
) -> None:
    whose = (partner, "retail", "aws-1")
    directory.set_aws_access(*whose, role_arn=ROLE, external_id=f"id-of-{partner}")
    directory.record_connection_test(*whose, verdict=verdict, results={}, is_proved=is_proved)


def test_each_setup_has_128_random_bits_of_its_own(directory: Directory) -> None:
    made = {begin(directory, partner) for partner in ("acme", "acme", "globex")}

    assert len(made) == 3
    assert {len(bytes.fromhex(external_id)) * 8 for external_id in made} == {128}


def test_two_partners_never_share_an_external_id(directory: Directory, control_url: str) -> None:
    external_id = begin(directory)
    begin(directory, "globex")
    engine = open_engine(control_url)

    with scope(EVERYONE), pytest.raises(IntegrityError), writing(engine).begin() as transaction:
        transaction.exec_driver_sql(
            f"update connection_setups set external_id = '{external_id}' "
            "where partner_id = 'globex'"
        )
    engine.dispose()


def test_no_access_key_becomes_an_external_id(directory: Directory, control_url: str) -> None:
    begin(directory)
    engine = open_engine(control_url)

    with scope(EVERYONE), pytest.raises(IntegrityError), writing(engine).begin() as transaction:
        transaction.exec_driver_sql(f"update connection_setups set external_id = '{KEY}'")
    engine.dispose()


def test_a_setup_is_seen_by_its_partner_alone_and_until_it_is_finished(
    directory: Directory,
) -> None:
    begin(directory)

    assert directory.setups("globex") == ()
    (setup,) = directory.setups("acme", "retail")
    assert directory.setup("globex", setup.setup_id) is None
    directory.finish_setup("globex", setup.setup_id)
    assert directory.setups("acme")
    directory.finish_setup("acme", setup.setup_id)
    assert directory.setups("acme") == ()


def test_a_setup_needs_its_tenant(directory: Directory) -> None:
    with pytest.raises(UnknownParentError, match="tenant nobody of partner acme"):
        directory.begin_setup("acme", "nobody", SetupKind.ACCOUNT, started_by="ada")


def test_a_request_with_an_access_key_is_refused_and_not_kept(directory: Directory) -> None:
    with pytest.raises(InvalidInputError, match="never taken") as refusal:
        directory.request_connection(
            "acme", "retail", RequestKind.CONNECT, {"role_arn": KEY}, requested_by="ada"
        )

    assert KEY not in str(refusal.value)
    assert directory.connection_requests_waiting() == ()


def test_a_role_whose_name_is_a_continent_is_no_access_key(directory: Directory) -> None:
    inputs = {"role_arn": "arn:aws:iam::222233334444:role/ASIA-readers"}

    assert directory.request_connection(
        "acme", "retail", RequestKind.CONNECT, inputs, requested_by="ada"
    )


def test_one_worker_takes_a_request(directory: Directory) -> None:
    request_id = directory.request_connection(
        "acme", "retail", RequestKind.TEST, {"connection_id": "aws-1"}, requested_by="ada"
    )

    assert not directory.take_connection_request("globex", request_id)
    assert directory.take_connection_request("acme", request_id)
    assert not directory.take_connection_request("acme", request_id)
    directory.finish_connection_request(
        "acme", request_id, is_done=True, message="it is good", results={"verdict": "good"}
    )

    found = directory.connection_request("acme", request_id)
    assert found is not None
    assert (found.status, found.message, found.results) == (
        "done", "it is good", '{"verdict": "good"}',
    )  # fmt: skip
    assert directory.connection_request("globex", request_id) is None


@pytest.mark.parametrize("is_proved", [True, False])
def test_a_role_is_taken_by_whoever_proved_it_is_theirs(
    directory: Directory, is_proved: bool
) -> None:
    connect(directory, "acme", Verdict.PARTIAL, is_proved=is_proved)

    assert directory.is_role_taken("globex", "retail", ROLE) is is_proved
    assert directory.is_role_taken("acme", "other", ROLE) is is_proved
    assert not directory.is_role_taken("acme", "retail", ROLE)


def test_the_last_day_of_a_secret_survives_tests(directory: Directory) -> None:
    directory.set_secret_expiry("acme", "retail", "aws-1", date(2027, 1, 31))
    connect(directory, "acme", Verdict.GOOD)

    (state,) = directory.connection_states("acme")
    assert state.secret_expires_on == date(2027, 1, 31)
    assert state.verified_at is not None
    assert directory.connection_states("globex") == ()


def test_disconnecting_ends_access_and_waiting_scans_of_one_connection(
    directory: Directory,
) -> None:
    connect(directory, "acme", Verdict.GOOD)
    connect(directory, "globex", Verdict.BAD, is_proved=False)
    for partner in ("acme", "globex"):
        directory.request_scan(partner, "retail", "aws-1", requested_by="ada")

    assert directory.remove_access("acme", "retail", "aws-1")
    assert not directory.remove_access("acme", "retail", "aws-1")

    assert directory.accesses("acme") == ()
    assert directory.connection_states("acme") == ()
    assert [scan.status for scan in directory.scans("acme")] == ["failed"]
    assert directory.accesses("globex")
    assert [scan.partner_id for scan in directory.requested_scans()] == ["globex"]
    assert not directory.is_role_taken("initech", "retail", ROLE)
