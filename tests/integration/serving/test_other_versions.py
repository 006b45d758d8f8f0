"""Pages over marts that another version of the program published."""

import pytest

from apps.dashboard.data.source import current_source, query
from pipeline.settings import Settings
from serving.errors import QueryError
from tests.integration.serving.conftest import OURS

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("sql", "missing"),
    [
        ("select cost_of_tomorrow from fct_cost_daily", "there is no column cost_of_tomorrow"),
        ("select c.cost_of_tomorrow from fct_cost_daily as c", "no column c.cost_of_tomorrow"),
        ("select 1 from fct_cost_of_tomorrow", "there is no table fct_cost_of_tomorrow"),
    ],
)
def test_a_page_says_to_build_again_where_the_marts_lack_what_it_reads(
    published: Settings, sql: str, missing: str
) -> None:
    source = current_source(published, OURS)
    assert source

    with pytest.raises(QueryError) as told:
        query(source, sql)

    assert "made by another version of CloudPrune" in str(told.value)
    assert missing in str(told.value)
    assert f"`cloudprune build --partner {OURS}`" in str(told.value)
