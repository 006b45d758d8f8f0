"""Decisions about findings: who, when, what; two at once; nothing of another partner."""

from datetime import date

import pytest

from control.decisions import Change, Subject
from control.directory import Directory
from control.errors import ChangedMeanwhileError, UnknownParentError


@pytest.fixture
def directory(control_url: str) -> Directory:
    opened = Directory(control_url)
    for partner in ("acme", "globex"):
        opened.ensure_tenant(partner, "web")
    return opened


def test_a_decision_names_who_and_what_and_leaves_the_rest(directory: Directory) -> None:
    found = Subject("web", "f-1")
    directory.decide("acme", [found], Change(assignee="bob@acme.test"), decided_by="ada")
    snooze = Change("snoozed", snoozed_until=date(2026, 6, 1), reason="after the move")
    directory.decide("acme", [Subject("web", "f-1", 1)], snooze, decided_by="bob")
    directory.comment("acme", found, "the move is on <b>Monday</b>", written_by="ada")

    (held,) = directory.decisions("acme")
    assert (held.state, held.assignee, held.snoozed_until, held.reason, held.decided_by) == (
        "snoozed", "bob@acme.test", date(2026, 6, 1), "after the move", "bob",
    )  # fmt: skip
    assert [
        (note.kind, note.text, note.written_by) for note in directory.course("acme", "web", "f-1")
    ] == [
        ("decision", "assigned to bob@acme.test", "ada"),
        ("decision", "snoozed until 2026-06-01: after the move", "bob"),
        ("comment", "the move is on <b>Monday</b>", "ada"),
    ]


def test_of_two_decisions_at_once_the_second_is_told_and_changes_nothing(
    directory: Directory,
) -> None:
    both = [Subject("web", "f-1"), Subject("web", "f-2")]
    directory.decide("acme", both[1:], Change("done"), decided_by="bob")

    with pytest.raises(ChangedMeanwhileError, match="bob decided on finding f-2"):
        directory.decide("acme", both, Change("dismissed", reason="no"), decided_by="ada")

    (held,) = directory.decisions("acme")
    assert (held.finding_id, held.state) == ("f-2", "done")


def test_equal_findings_of_two_partners_are_decided_apart(directory: Directory) -> None:
    directory.decide("acme", [Subject("web", "f-1")], Change("done"), decided_by="ada")
    directory.comment("acme", Subject("web", "f-1"), "ours", written_by="ada")

    assert directory.decisions("globex") == ()
    assert directory.course("globex", "web", "f-1") == ()
    with pytest.raises(UnknownParentError):
        directory.decide("globex", [Subject("unknown", "f-1")], Change("done"), decided_by="eve")
