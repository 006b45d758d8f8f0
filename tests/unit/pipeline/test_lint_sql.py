"""The lint of models: what engines read differently is found where it stands, and nothing else."""

import pytest

from pipeline.lint_sql import problems


@pytest.mark.parametrize(
    "sql",
    [
        "select a from t qualify row_number() over (order by a nulls last) = 1",
        "select * exclude (a) from t",
        "select a from t group by all",
        "select string_agg(a, ',') from t",
        "select tags ->> 'a' from t",
        "select date_trunc('month', d) from t",
        "select d + interval 1 day from t",
        "select avg(cost) from t",
        "select concat('a', b) from t",
        "select cost::double from t",
        'select "a" from t',
        "select row_number() over (order by a) from t",
        "select regexp_replace(a, 'x', 'y') from t",
    ],
)
def test_a_construct_that_engines_read_differently_is_refused(sql: str) -> None:
    assert list(problems(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "select a || b from t",
        "select 'group by all', a -- interval\nfrom t",
        "select {{ x_date_add('day', 1) }} from {{ ref('t') }}",
        "select row_number() over (partition by a order by b desc nulls last) from t",
        "{# avg(cost) #} select sum(cost) from t",
    ],
)
def test_what_engines_read_alike_passes(sql: str) -> None:
    assert list(problems(sql)) == []


def test_a_problem_names_its_line() -> None:
    ((line, text, _),) = problems("select\n    a,\n    avg(cost)\nfrom t")

    assert (line, text) == (3, "avg(")
