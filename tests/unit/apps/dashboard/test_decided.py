"""Where a finding stands, by what was decided, the day, and the scan that still finds it."""

import json
from datetime import date
from typing import Any

import duckdb
import pytest

from apps.dashboard.data.decided import IS_WAITING, JOIN, STATE, Decided

TODAY = date(2026, 5, 20)


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
