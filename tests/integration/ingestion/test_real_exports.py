"""Every real cost export lands, and its four costs are the source's own, to the last digit."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from ingestion.costs.report import Kind, Outcome
from tests.conftest import Ingest, Lake
from tests.integration.ingestion import source_sums
from tests.integration.ingestion.source_sums import Row, Sums

pytestmark = pytest.mark.integration

Read = Callable[[Iterable[Row]], Sums]
_NEWEST_AWS = "generated_exports/aws/rpt/cur/{}/*/cur-*.csv.gz"
REAL: dict[str, Read] = {
    "focus_1_0_sample/*.csv*": source_sums.focus,
    "focus_spec_examples/*.csv": source_sums.focus,
    "aws_cur_legacy_real/*.csv*": source_sums.cur,
    "aws_cur_athena_columns/*.csv*": source_sums.cur,
    "azure_exports_ea/EA_ActualCost_Small.csv": source_sums.azure_actual,
    "azure_header_variants/*.csv": source_sums.azure_actual,
    "generated_exports/aws/rpt/cur/*/*/*.csv.gz": source_sums.cur,
    "generated_exports/azure/exp/actual/*/*.csv": source_sums.azure_actual,
}


def real_files(shared: Path) -> list[tuple[Path, Read]]:
    """Return every cost file among the real exports, with who reads it independently."""
    return [(path, read) for glob, read in REAL.items() for path in sorted(shared.glob(glob))]


def test_every_real_cost_file_is_compared(shared: Path) -> None:
    found = {path.parent.parent.name for path, _ in real_files(shared)}

    assert len(real_files(shared)) >= 14
    assert found


@pytest.mark.parametrize("glob", REAL)
def test_costs_are_the_sources_own(glob: str, shared: Path, ingest: Ingest, lake: Lake) -> None:
    files = sorted(shared.glob(glob))
    assert files, f"nothing matches {glob}"

    for number, path in enumerate(files):
        tenant = f"file-{number}"
        report = ingest(path, tenant)

        assert [
            outcome.kind for outcome in report.outcomes if outcome.kind is not Kind.LANDED
        ] == []
        ours = tuple(cost or source_sums.ZERO for cost in lake.costs(tenant=tenant))
        assert ours == REAL[glob](source_sums.rows_of(path)), path.name


_NOT_COUNTED = (
    # The first of two deliveries of one report's month.
    "generated_exports/aws/rpt/cur/20260501-20260601/d1dc827b",
    # The first twenty days of what the file beside it holds whole, under another billing account.
    "generated_exports/azure/exp/actual/20260501-20260531/costreport_68e15744",
)


def _tells(outcome: Outcome, start: str) -> bool:
    """Whether an outcome says that a file is not counted."""
    kept, _, replaced = outcome.message.partition("in place of")
    is_left = outcome.kind in {Kind.SUPERSEDED, Kind.REFUSED} and start in kept
    return is_left or start in replaced


def test_in_one_tenant_every_file_is_counted_once_or_told(
    shared: Path, ingest: Ingest, lake: Lake
) -> None:
    report = ingest(shared)

    for start in _NOT_COUNTED:
        assert any(_tells(outcome, start) for outcome in report.outcomes), start
    assert len([one for one in report.outcomes if "in place of" in one.message]) <= 1
    for path, read in real_files(shared):
        name = path.relative_to(shared).as_posix()
        ours = lake.costs(f"x_source_file = '{name}'")
        if name.startswith(_NOT_COUNTED):
            assert ours == (None,) * 4, name
        else:
            assert tuple(cost or source_sums.ZERO for cost in ours) == read(
                source_sums.rows_of(path)
            ), name


def test_the_last_delivery_of_each_month_is_what_stays(
    shared: Path, ingest: Ingest, lake: Lake
) -> None:
    report = ingest(shared / "generated_exports" / "aws")

    kinds = {outcome.kind for outcome in report.outcomes}
    assert kinds == {Kind.LANDED, Kind.SUPERSEDED}
    assert lake.rows("select billing_period, count(*) from cost_lines group by 1 order by 1") == [
        ("2026-05", 16_368),
        ("2026-06", 3_696),
    ]


def test_a_folder_of_unrelated_files_lands_nothing_and_names_each(
    shared: Path, ingest: Ingest
) -> None:
    report = ingest(shared / "cloudwatch_nab")

    assert {outcome.kind for outcome in report.outcomes} <= {Kind.UNRECOGNISED, Kind.SKIPPED}
    assert all(outcome.source in outcome.message for outcome in report.outcomes)
    assert report.exit_status != 0


def test_recommendations_beside_costs_are_told_from_them(shared: Path, ingest: Ingest) -> None:
    report = ingest(shared / "azure_exports_ea")

    messages = [outcome.message for outcome in report.of(Kind.SKIPPED)]
    assert any("reservation recommendations, no cost lines" in message for message in messages)
    assert any("header and no records" in message for message in messages)
    assert len(report.of(Kind.LANDED)) == 1


def test_a_manifest_without_files_fails_alone(shared: Path, ingest: Ingest) -> None:
    report = ingest(shared / "aws_cur_manifests")

    assert {outcome.kind for outcome in report.outcomes} == {Kind.FAILED}
    assert {outcome.billing_period for outcome in report.outcomes} == {"2018-01", "2019-01"}
