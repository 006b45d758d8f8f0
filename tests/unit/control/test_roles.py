"""The table of actions and roles, word for word, and that `require` holds everybody to it."""

from datetime import UTC, datetime

import pytest

from control.directory import Directory
from control.errors import NotPermittedError, RestrictedError, UnknownParentError
from control.permission import Actor, job, on_record, operator, require
from control.privacy_records import Subject, SubjectKind
from control.roles import Action, Role, may, processes

V, N, A, O = Role.VIEWER, Role.ANALYST, Role.ADMIN, Role.OPERATOR  # noqa: E741 - a table
TABLE: dict[Action, set[Role]] = {
    Action.SEE_COSTS: {V, N, A},
    Action.SEE_FINDINGS: {V, N, A},
    Action.SEE_HEALTH: {V, N, A, O},
    Action.ASK_SQL: {N, A, O},
    Action.EXPORT: {V, N, A, O},
    Action.DECIDE: {N, A},
    Action.SCAN: {N, A, O},
    Action.SET_RULES: {A, O},
    Action.SET_PARTNER: {A},
    Action.SEE_MEMBERS: {V, N, A, O},
    Action.MANAGE_MEMBERS: {A, O},
    Action.CONNECT: {A, O},
    Action.DISCONNECT: {A, O},
    Action.SEE_ACCESS_LOG: {A, O},
    Action.MANAGE_PRIVACY: {A, O},
    Action.OWN_PRIVACY: {V, N, A},
    Action.RUN_PLATFORM: {O},
    Action.KEEP_STORED: {O},
}
PARTNER = Subject(SubjectKind.PARTNER, "acme")


@pytest.fixture
def directory(control_url: str) -> Directory:
    opened = Directory(control_url)
    for partner in ("acme", "globex"):
        for tenant in ("web", "shop"):
            opened.ensure_tenant(partner, tenant)
        for role in (V, N, A):
            seen = ("*",) if role is A else ("web",)
            email = f"{role}@acme.test"
            token = opened.invite(partner, email, role, invited_by="op", tenants=seen)
            opened.accept_invitation(partner, token, subject=role, email=email)
        other = opened.invite(partner, "other@acme.test", A, invited_by="op")
        opened.accept_invitation(partner, other, subject="other", email="other@acme.test")
    return opened


def actor(directory: Directory, role: Role) -> Actor:
    """Return a member with a role, who claims to be an admin; or the operator."""
    if role is O:
        return operator("acme")
    (member,) = (m for m in directory.members("acme") if m.email == f"{role}@acme.test")
    return Actor("acme", member.email, Role.ADMIN, member.member_id)


def test_every_action_and_role_is_in_the_table() -> None:
    assert {action: {role for role in Role if may(role, action)} for action in Action} == TABLE


@pytest.mark.parametrize("role", Role)
def test_whoever_asks_is_held_to_the_role_of_now(role: Role, directory: Directory) -> None:
    asking = actor(directory, role)

    for action, allowed in TABLE.items():
        if role in allowed:
            require(directory, asking, action)
        else:
            with pytest.raises(NotPermittedError):
                require(directory, asking, action, "something")

    refused = [e.action for e in directory.access_log("acme") if e.outcome == "refused"]
    assert sorted(refused) == sorted(a for a, allowed in TABLE.items() if role not in allowed)
    assert directory.access_log("globex") == ()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UnknownParentError("there is no such tenant"), "not done: there is no such tenant"),
        (ValueError("s3cret"), "not done: ValueError"),
        (KeyboardInterrupt(), "not done: KeyboardInterrupt"),
    ],
)
def test_what_was_not_done_is_on_record_as_such(
    error: BaseException, told: str, directory: Directory, control_url: str
) -> None:
    with (
        pytest.raises(type(error)),
        on_record(control_url, operator("acme"), Action.CONNECT, "x", tenant_id="web"),
    ):
        raise error

    found = [(e.outcome, e.target, e.tenant_id, e.detail) for e in directory.access_log("acme")]
    assert found == [("refused", "x", "web", told), ("done", "x", "web", "begun")]


@pytest.mark.parametrize("change", ["demoted", "suspended", "removed"])
def test_a_member_that_was_changed_meanwhile_is_refused(change: str, directory: Directory) -> None:
    asking = actor(directory, A)
    member = Subject(SubjectKind.MEMBER, "acme", subject_id=asking.member_id)
    require(directory, asking, Action.CONNECT)

    if change == "demoted":
        directory.set_role("acme", asking.member_id, V)
    elif change == "suspended":
        directory.restrict(member)
    else:
        directory.remove_member("acme", asking.member_id)

    with pytest.raises(NotPermittedError):
        require(directory, asking, Action.CONNECT)
    (entry,) = directory.access_log("acme")
    assert (entry.outcome, entry.member_id) == ("refused", asking.member_id)


def test_a_tenant_that_may_not_be_seen_is_refused(directory: Directory) -> None:
    asking = actor(directory, N)

    require(directory, asking, Action.DECIDE, tenant_id="web")
    with pytest.raises(NotPermittedError, match="tenant that you may not see"):
        require(directory, asking, Action.DECIDE, tenant_id="shop")


@pytest.mark.parametrize("role", Role)
def test_a_restriction_stops_processing_and_nothing_else(role: Role, directory: Directory) -> None:
    asking = actor(directory, role)
    directory.restrict(PARTNER)

    for action in (a for a in Action if may(role, a)):
        if processes(action):
            with pytest.raises(RestrictedError, match="privacy lift"):
                require(directory, asking, action)
        else:
            require(directory, asking, action)


def test_a_restricted_tenant_stops_alone(directory: Directory) -> None:
    directory.restrict(Subject(SubjectKind.TENANT, "acme", "web"))

    with pytest.raises(RestrictedError):
        require(directory, operator("acme"), Action.SCAN, tenant_id="web")
    require(directory, operator("acme"), Action.SCAN, tenant_id="shop")
    assert directory.readable_tenants("acme") == ("shop",)
    assert directory.readable_tenants("acme", ["web"]) == ()
    assert directory.readable_tenants("globex") is None


def test_what_is_done_is_on_record_before_it_is_done(
    control_url: str, directory: Directory
) -> None:
    with on_record(control_url, job("acme", "publish_marts"), Action.RUN_PLATFORM):
        (entry,) = directory.access_log("acme")

    assert (entry.actor, entry.action, entry.outcome) == (
        "job publish_marts", Action.RUN_PLATFORM.value, "done",
    )  # fmt: skip
    assert directory.access_log("acme") == (entry,)


def test_a_partner_that_is_made_has_its_entry_then_and_one_that_is_gone_has_none(
    control_url: str, directory: Directory
) -> None:
    since = datetime.now(UTC)
    with on_record(control_url, operator("new"), Action.RUN_PLATFORM, "ingest"):
        directory.ensure_partner("new")
    with on_record(control_url, operator("gone"), Action.MANAGE_PRIVACY, "erase"):
        pass

    assert [entry.target for entry in directory.access_log("new", since=since)] == ["ingest"]
    assert directory.access_log("gone") == ()
