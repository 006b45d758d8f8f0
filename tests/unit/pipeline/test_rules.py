"""What holds for every rule: its files, its words, its thresholds and its tests agree."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingestion.registry import RESOURCE_TYPES
from pipeline.dbt_run import PROJECT
from pipeline.rule_catalogue import rules

FOLDER = PROJECT / "models" / "intermediate" / "findings"
FILES = {
    path.stem.removeprefix("int_findings__"): path for path in FOLDER.glob("*/int_findings__*.sql")
}
LEVELS = {"low", "medium", "high"}


def declared(rule_id: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILES[rule_id].with_suffix(".yml").read_text())
    return loaded


def meta(rule_id: str) -> dict[str, Any]:
    found: dict[str, Any] = declared(rule_id)["models"][0]["config"]["meta"]["rule"]
    return found


def sql_of(rule_id: str) -> str:
    """Return a rule's SQL with that of the macros it shares with rules of the other cloud."""
    sql = FILES[rule_id].read_text()
    for _ in range(2):
        for macro in ("rules/*", "values/price_condition"):
            for path in sorted((PROJECT / "macros").glob(f"{macro}.sql")):
                text = path.read_text()
                if f"{path.stem}(" in sql and text not in sql:
                    sql += text
    return sql


def test_the_list_of_rules_is_that_of_their_files() -> None:
    listed = re.findall(r"'(\w+)'", (PROJECT / "macros/values/rule_ids.sql").read_text())

    assert listed == sorted(FILES) == sorted(rules())


@pytest.mark.parametrize("rule_id", sorted(FILES))
def test_a_rule_says_whether_it_needs_utilization(rule_id: str) -> None:
    signs = (
        r"utilization=\{|machine_candidates\(rule_id, conditions, \["
        r"|inactive_days|int_inventory__stopped_instances"
    )

    needs = re.search(signs, sql_of(rule_id)) is not None
    assert meta(rule_id).get("needs_utilization", False) == needs


@pytest.mark.parametrize("rule_id", sorted(FILES))
def test_a_rule_names_itself_and_takes_each_of_its_thresholds(rule_id: str) -> None:
    sql = sql_of(rule_id)
    thresholds = set(meta(rule_id)["thresholds"])
    implied = {"window_days", "min_coverage_ratio"}

    named = re.findall(r"\w+\(\s*'((?:aws|azure)_\w+)'[,)]", sql)
    assert "select_findings(" in sql
    assert "candidates(" in sql
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
