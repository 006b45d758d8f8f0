"""What holds for every rule: its files, its words, its thresholds and its tests agree."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlfluff.core import FluffConfig, Linter

from ingestion.registry import RESOURCE_TYPES
from pipeline.dbt_parse import PROJECT
from pipeline.rule_catalogue import rules

FOLDER = PROJECT / "models" / "intermediate" / "findings"
FILES = {
    path.stem.removeprefix("int_findings__"): path for path in FOLDER.glob("*/int_findings__*.sql")
}
LEVELS = {"low", "medium", "high"}
MOST_LINES = 25
METRICS = set(re.findall(r"'(\w+)': '", (PROJECT / "macros/values/metric_names.sql").read_text()))
CALL = re.compile(r"(.*)\{% call findings\(.*?\) -%\}\n(.*)\n\{%- endcall %\}\n", re.DOTALL)
CALLS = {
    rule_id: found for rule_id, path in FILES.items() if (found := CALL.fullmatch(path.read_text()))
}


def declared(rule_id: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILES[rule_id].with_suffix(".yml").read_text())
    return loaded


def meta(rule_id: str) -> dict[str, Any]:
    found: dict[str, Any] = declared(rule_id)["models"][0]["config"]["meta"]["rule"]
    return found


def sql_of(rule_id: str) -> str:
    """Return a rule's SQL with that of the macros it shares with other rules."""
    sql = FILES[rule_id].read_text()
    for macro in ("rules/*", "values/price_condition"):
        for path in sorted((PROJECT / "macros").glob(f"{macro}.sql")):
            if f"{path.stem}(" in sql:
                sql += path.read_text()
    return sql


@cache
def linter() -> Linter:
    return Linter(config=FluffConfig.from_path(str(PROJECT)))


def test_the_list_of_rules_is_that_of_their_files() -> None:
    listed = re.findall(r"'(\w+)'", (PROJECT / "macros/values/rule_ids.sql").read_text())

    assert listed == sorted(FILES) == sorted(rules())


@pytest.mark.parametrize("rule_id", sorted(FILES))
def test_a_rule_is_read_at_a_glance(rule_id: str) -> None:
    lines = FILES[rule_id].read_text().splitlines()

    assert len(lines) <= MOST_LINES, "shared macros and inventory models hold the rest"
    assert max(len(line) for line in lines) <= 100


@pytest.mark.parametrize("rule_id", sorted(CALLS))
def test_a_rules_select_is_linted_too(rule_id: str) -> None:
    """What stands in a call block, sqlfluff takes for the macro's own text and passes over."""
    settings, select = CALLS[rule_id].groups()
    sql = (
        f"{settings}with\n\ncandidates as (\n\n    select * from {{{{ ref('resources') }}}}\n\n),"
        f"\n\nfindings as (\n\n{select}\n\n)\n\nselect * from findings\n"
    )

    found = linter().lint_string(sql, fname=str(FILES[rule_id]))
    assert [f"{one.rule_code()} {one.desc()}" for one in found.get_violations()] == []


@pytest.mark.parametrize("rule_id", sorted(FILES))
def test_a_rule_says_whether_it_needs_utilization(rule_id: str) -> None:
    sql = sql_of(rule_id)
    listed = {
        name for names in re.findall(r"\[('\w+'(?:, '\w+')*)\]", sql) for name in names.split("'")
    }

    needs = bool(listed & METRICS) or re.search(r"(inactive|stopped)_days", sql) is not None
    assert meta(rule_id).get("needs_utilization", False) == needs


@pytest.mark.parametrize("rule_id", sorted(FILES))
def test_a_rule_names_itself_and_takes_each_of_its_thresholds(rule_id: str) -> None:
    sql = sql_of(rule_id)
    thresholds = set(meta(rule_id)["thresholds"])
    implied = {"window_days", "min_coverage_ratio"}

    named = re.findall(r"\w+\(\s*'((?:aws|azure)_\w+)'[,)]", sql)
    assert "{% call findings(" in sql
    assert {name for name in named if name in FILES} == {rule_id}
    assert thresholds - implied <= set(re.findall(r"'?(\w+)'?", sql))


@pytest.mark.parametrize("rule_id", sorted(FILES))
def test_a_rule_has_every_word(rule_id: str) -> None:
    words = meta(rule_id)

    assert words["provider"] == rule_id.split("_")[0]
    assert words["category"] in {"waste", "rightsizing", "modernization", "storage_tiering"}
    assert words["action"] in {"delete", "stop", "rightsize", "modernize"}
    assert words["cost"] in {"resource", "capacity", "attached"}
    assert {words["severity"], words["effort"], words["risk"]} <= LEVELS
    for text in ("title", "description", "sentence", "recommendation", "source", "false_positives"):
        assert words[text].strip(), text
    assert "{resource}" in words["sentence"]
    assert ("price_unit" in words) == ("is_priced=true" in sql_of(rule_id))


@pytest.mark.parametrize("rule_id", sorted(FILES))
def test_a_rules_sentence_has_no_figure_that_it_lacks(rule_id: str) -> None:
    sql = sql_of(rule_id)
    figures = set(re.findall(r"condition\(\s*'(\w+)'", sql))
    figures |= {f"{name}_percent" for name in re.findall(r"percentage\(\s*'(\w+)'", sql)}
    known = figures | {"resource", "current", "target", "window_days"}

    assert set(re.findall(r"{(\w+)}", meta(rule_id)["sentence"])) <= known


@pytest.mark.parametrize("rule_id", sorted(FILES))
def test_a_rule_is_tested_among_near_misses_and_other_tenants(rule_id: str) -> None:
    tests = {test["name"]: test for test in declared(rule_id)["unit_tests"]}
    fires = tests[f"{rule_id}_fires_among_near_misses"]
    others = tests[f"{rule_id}_ignores_other_tenants"]
    candidates = fires["given"][0]["rows"]

    assert len(candidates) > len(fires["expect"]["rows"]) > 0
    assert others["expect"]["rows"] == []
    assert (
        len(
            {
                row["tenant_id"]
                for given in others["given"]
                for row in given["rows"]
                if "tenant_id" in row
            }
        )
        > 1
    )


def test_what_is_measured_by_the_hour_is_what_collectors_ask_for_by_the_hour() -> None:
    model = PROJECT / "models/intermediate/utilization/int_utilization__window.sql"
    named = set(re.findall(r"'((?:aws|azure)_\w+)'", model.read_text()))

    periods = {
        kind.name: {metric.period_seconds for metric in kind.metrics}
        for kind in RESOURCE_TYPES
        if kind.metrics
    }
    assert {name for name, asked in periods.items() if asked == {3600}} == named
    assert {name for name, asked in periods.items() if asked == {86_400}} == set(periods) - named


def test_seeds_that_rules_price_with_name_each_thing_once() -> None:
    for seed, key in (("aws_instance_types", 0), ("azure_vm_sizes", 0), ("azure_disk_tiers", 0)):
        lines = Path(PROJECT / "seeds" / f"{seed}.csv").read_text().splitlines()[1:]
        names = [line.split(",")[key] for line in lines]

        assert len(names) == len(set(names)) > 30
