"""Where a finding stands, by what was decided, the day, and the scan that still finds it."""

import json
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest

from apps.dashboard.data.decided import IS_WAITING, JOIN, STATE, Decided, load_assignees
from apps.dashboard.data.source import Source
from control.decisions import Change, Subject
from control.directory import Directory
from pipeline.settings import Settings

TODAY = date(2026, 5, 20)


@pytest.mark.parametrize(("tenants", "is_seen"), [(("web",), False), (("web", "shop"), True)])
def test_who_has_findings_of_unseen_tenants_is_not_offered(
    tenants: tuple[str, ...], is_seen: bool, settings: Settings
) -> None:
    with Directory(settings.control) as directory:
        directory.ensure_tenant("acme", "shop")
        given = Change(assignee="cfo@shop.test")
        directory.decide("acme", [Subject("shop", "f" * 32)], given, decided_by="ada@acme.test")

    offered = load_assignees(Source(settings.home, "acme", 1, datetime.now(UTC), tenants))

    assert ("cfo@shop.test" in offered) is is_seen


@pytest.mark.parametrize(
    ("decision", "observed", "state", "is_waiting"),
    [
        (None, "2026-05-20", "open", True),
        ({"state": "open", "assignee": "ada"}, "2026-05-20", "open", True),
        ({"state": "dismissed"}, "2026-05-20", "dismissed", False),
        ({"state": "snoozed", "snoozed_until": "2026-05-21"}, "2026-05-20", "snoozed", False),
        ({"state": "snoozed", "snoozed_until": "2026-05-20"}, "2026-05-20", "open", True),
        ({"state": "done", "decided_on": "2026-05-20"}, "2026-05-20", "done", False),
        ({"state": "done", "decided_on": "2026-05-19"}, "2026-05-20", "reopened", True),
    ],
)
def test_where_a_finding_stands(
    decision: dict[str, Any] | None, observed: str, state: str, is_waiting: bool
) -> None:
    other = {"tenant_id": "globex", "finding_id": "f", "state": "dismissed"}
    own = [{"tenant_id": "acme", "finding_id": "f", **decision}] if decision else []
    decided = Decided(json.dumps([other, *own]), TODAY)

    with duckdb.connect() as connection:
        row = connection.execute(
            f"select {STATE}, {IS_WAITING} from (select 'acme' as tenant_id, 'f' as finding_id, "
            f"date '{observed}' as observed_date) as findings {JOIN}",
            decided.params,
        ).fetchall()

    assert row == [(state, is_waiting)]
