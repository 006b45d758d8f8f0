"""Tags that another engine took are shown, whatever their form."""

import pytest
from streamlit.testing.v1 import AppTest

from apps.dashboard.tags import AS_WRITTEN, tags_of


@pytest.mark.parametrize("written", ['{"a": "b",}', '["a"]', '"a"', "[" * 100_000])
def test_what_is_no_object_is_shown_as_written(written: str) -> None:
    assert tags_of(written) == {AS_WRITTEN: written}


@pytest.mark.parametrize("written", [None, "", " ", "{}", "null"])
def test_no_tags_are_no_tags(written: str | None) -> None:
    assert tags_of(written) == {}


@pytest.mark.parametrize("written", ['{"a": "b",}', '["a"]'])
def test_a_resource_is_shown_with_tags_of_any_form(written: str) -> None:
    def page(written: str) -> None:
        from apps.dashboard.components.cost_tables import show_resource

        names = ("resource_name", "resource_type", "service_name", "region_id", "sub_account_id")
        show_resource(
            "vm-1",
            dict.fromkeys(names, "x")
            | {"first_charge_date": None, "last_charge_date": None, "tags": written},
        )

    shown = AppTest.from_function(page, kwargs={"written": written}).run(timeout=60)

    assert not shown.exception
    assert any(written in text.value for text in shown.text)
