"""The address of the findings page: what it can say, and what it cannot mean."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.dashboard.finding_fields import FIELDS, ORDERS
from apps.dashboard.finding_state import FindingView, read_finding_view, write_finding_view
from apps.dashboard.params import with_filter

KEYS = st.sampled_from([*FIELDS, "tag:env", "tag:a/b~c"])
AMOUNTS = st.none() | st.decimals("0.01", "1e9", places=2)


@given(
    st.dictionaries(KEYS, st.lists(st.text(), min_size=1, max_size=3), max_size=3),
    st.text().map(str.strip),
    AMOUNTS,
    st.sampled_from(["", *FIELDS, "tag:team"]),
    st.sampled_from(list(ORDERS)),
    st.integers(1, 99_999),
)
def test_an_address_restores_every_view(
    filters: dict[str, list[str]],
    text: str,
    minimum: Decimal | None,
    by: str,
    sort: str,
    page: int,
) -> None:
    view = FindingView((), text, minimum, by, sort, page)
    for key, values in filters.items():
        view = FindingView(with_filter(view.filters, key, values), text, minimum, by, sort, page)

    read = read_finding_view(write_finding_view(view))

    assert read.view == view
    assert read.ignored == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort", "never"),
        ("by", "nonsense"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "²"),
        ("min", "many"),
        ("min", "NaN"),
        ("min", "-5"),
        ("min", "1e99"),
        ("colour", "red"),
    ],
)
def test_what_means_nothing_is_named_and_falls_back(name: str, value: str) -> None:
    read = read_finding_view({name: [value]})

    assert read.view == FindingView()
    assert read.ignored == (name,)


def test_another_filter_starts_at_the_first_page() -> None:
    view = FindingView(page=7).filtered("tenant", ("acme",))

    assert view.page == 1
    assert view.filtered("tenant", ()).filters == ()


def test_going_into_a_group_filters_to_it_and_ends_the_grouping() -> None:
    view = FindingView(by="owner", text="disk").drilled("")

    assert view == FindingView(filters=(("owner", ("",)),), text="disk")
