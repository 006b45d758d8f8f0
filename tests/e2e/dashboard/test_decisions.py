"""Deciding on findings: one and many, who and when, the way back, and two people at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from control.decisions import Change, Subject
from control.directory import Directory
from tests.e2e.dashboard.conftest import OTHER, SMALL, Look, Served

pytestmark = pytest.mark.e2e


@pytest.fixture
def directory(dashboard: Served) -> Iterator[Directory]:
    with Directory(dashboard.settings.control) as opened:
        opened.ensure_tenant(SMALL, "globex")
        yield opened
        for held in opened.decisions(SMALL):
            subject = Subject(held.tenant_id, held.finding_id, held.version)
            opened.decide(SMALL, [subject], Change("open", assignee=""), decided_by="test")


def findings(dashboard: Served, count: int) -> list[tuple[str, str]]:
    rows = dashboard.ask(
        SMALL,
        "select tenant_id, finding_id from fct_findings "
        f"order by estimated_monthly_savings desc nulls last, finding_id limit {count}",
    )
    return [(row["tenant_id"], row["finding_id"]) for row in rows]


def seen(directory: Directory, finding: tuple[str, str]) -> Subject:
    """Return a finding with the version of its decision as it is now."""
    held = {(each.tenant_id, each.finding_id): each for each in directory.decisions(SMALL)}
    return Subject(*finding, held[finding].version if finding in held else 0)


def decide(look: Look, kind: str) -> None:
    look.page.get_by_role("button", name="Decide on").click()
    look.settle()
    look.page.get_by_role("radio", name=kind).or_(
        look.page.get_by_test_id("stPopoverBody").get_by_role("button", name=kind, exact=True)
    ).first.click()
    look.settle()


def test_a_finding_is_snoozed_leaves_the_list_and_comes_back_by_undo(
    look: Look, dashboard: Served, directory: Directory
) -> None:
    ((tenant, finding),) = findings(dashboard, 1)
    page = look.open(f"/finding?partner={SMALL}&finding={finding}")
    expect(page.get_by_text("Open").first).to_be_visible()

    decide(look, "Snooze")
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Snooze finding").click()
    look.settle()

    until = datetime.now(UTC).date() + timedelta(days=30)
    (held,) = [each for each in directory.decisions(SMALL) if each.finding_id == finding]
    assert (held.tenant_id, held.state, held.snoozed_until, held.decided_by) == (
        tenant, "snoozed", until, "demo",
    )  # fmt: skip
    expect(page.get_by_text("1 finding snoozed until")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    look.settle()
    (held,) = [each for each in directory.decisions(SMALL) if each.finding_id == finding]
    assert held.state == "open"
    entries = directory.access_log(SMALL)
    assert {entry.action for entry in entries} >= {"decide on findings"}


def test_many_are_dismissed_at_once_with_a_reason_and_totals_follow(
    look: Look, dashboard: Served, directory: Directory
) -> None:
    page = look.open(f"/findings?partner={SMALL}")
    before = look.metric("indings")
    look.select_row(0)
    look.select_row(1)
    decide(look, "Dismiss")
    body = page.get_by_test_id("stPopoverBody")
    expect(body.get_by_role("button", name="Dismiss 2 findings")).to_be_disabled()
    body.get_by_role("combobox").first.click()
    page.get_by_role("option", name="Needed as it is").click()
    look.settle()
    body.get_by_role("button", name="Dismiss 2 findings").click()
    look.settle()

    states = [held.state for held in directory.decisions(SMALL)]
    assert states.count("dismissed") == 2
    assert int(look.metric("indings")) == int(before) - 2
    page = look.open(f"/findings?partner={SMALL}&state=dismissed")
    assert look.metric("indings") == "2"
    assert look.cell(10, 0) == look.cell(10, 1) == "Dismissed"


def test_done_ones_wait_for_the_next_scan(
    look: Look, dashboard: Served, directory: Directory
) -> None:
    (finding,) = findings(dashboard, 1)
    subject = seen(directory, finding)
    directory.decide(SMALL, [subject], Change("done"), decided_by="ada")

    look.open(f"/findings?partner={SMALL}&state=done")

    assert look.metric("indings") == "1"


def test_what_somebody_else_decided_meanwhile_is_told_and_kept(
    look: Look, dashboard: Served, directory: Directory
) -> None:
    (finding,) = findings(dashboard, 1)
    page = look.open(f"/finding?partner={SMALL}&finding={finding[1]}")
    decide(look, "Mark as done")
    directory.decide(SMALL, [seen(directory, finding)], Change("open", "bob"), decided_by="bob")

    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Mark as done finding").click()
    look.settle()

    expect(page.get_by_text("bob decided on finding")).to_be_visible()
    assert {(held.state, held.assignee) for held in directory.decisions(SMALL)} >= {("open", "bob")}


def test_a_comment_is_shown_as_it_was_written(
    look: Look, dashboard: Served, directory: Directory
) -> None:
    ((tenant, finding),) = findings(dashboard, 1)
    page = look.open(f"/finding?partner={SMALL}&finding={finding}")
    page.get_by_label("Comment").fill("Is <b>this</b> ours? $5 * 2")
    page.get_by_role("button", name="Comment").click()
    look.settle()

    expect(page.get_by_text("Is <b>this</b> ours? $5 * 2")).to_be_visible()
    note = directory.course(SMALL, tenant, finding)[-1]
    assert (note.kind, note.written_by) == ("comment", "demo")


def test_another_partners_equal_finding_stays_undecided(
    look: Look, dashboard: Served, directory: Directory
) -> None:
    (finding,) = findings(dashboard, 1)
    change = Change("dismissed", reason="x")
    directory.decide(SMALL, [seen(directory, finding)], change, decided_by="ada")

    look.open(f"/findings?partner={OTHER}&state=dismissed")

    expect(look.page.get_by_text("passes these filters")).to_be_visible()
