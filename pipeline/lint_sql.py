"""Refuses SQL in models that engines read differently; such things stand in the `x_*` macros.

Run as `python -m pipeline.lint_sql`. The engines are DuckDB and Spark; each rule names the macro
or the form that both read alike.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "dbt_project"
_CHECKED = ("models", "macros/rules", "tests")


@dataclass(frozen=True, slots=True)
class Rule:
    """A construct that one engine lacks or reads in another way."""

    pattern: str
    instead: str


RULES = (
    Rule(r"\bqualify\b", "a subquery with row_number()"),
    Rule(r"\basof\s+join\b", "a subquery with row_number()"),
    Rule(r"\*\s*(exclude|except|replace)\s*\(", "the columns by name"),
    Rule(r"\bgroup\s+by\s+all\b|\border\s+by\s+all\b", "the columns by name"),
    Rule(r"\bquantile_cont\b|\bapprox_percentile\b", "percentile_cont within group"),
    Rule(r"\bstring_agg\b|\blistagg\b|\bgroup_concat\b", "a macro x_listagg"),
    Rule(r"\b(element_at|json_extract\w*|get_json_object)\b|->>?", "a macro x_json_get"),
    Rule(r"\bdate_trunc\s*\(", "x_month, or a macro x_trunc"),
    Rule(r"\binterval\b", "x_date_add or x_month_add"),
    Rule(r"\b(date_diff|datediff|date_add|date_sub|dateadd)\s*\(", "x_date_diff or x_date_add"),
    Rule(r"\bregexp_\w+\s*\(|\s~\s|\brlike\b", "a macro x_regex"),
    Rule(r"\b(dayofweek|weekday|isodow)\s*\(", "x_date_diff from a known Monday"),
    Rule(r"\b(concat|concat_ws)\s*\(", "|| with coalesce"),
    Rule(r"\bavg\s*\(", "x_div of a sum and a count"),
    Rule(r"\bunnest\s*\(|\bexplode\s*\(", "x_explode_json"),
    Rule(r"\bignore\s+nulls\b", "a macro x_last_value"),
    Rule(r'"[a-z_]+"', "plain lower-case names"),
    Rule(r"::\s*[a-z]", "cast(... as ...)"),
)
_UNORDERED_NULLS = Rule(
    r"\border\s+by\s+(?![^()]*\bnulls\s+(first|last))[^()]*\)", "`nulls first` or `nulls last`"
)
_JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_COMMENT = re.compile(r"--[^\n]*")
_TEXT = re.compile(r"'(?:[^']|'')*'")


def problems(sql: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, text and remedy of each construct in a model that engines read differently."""
    readable = sql
    for part in (_JINJA, _COMMENT, _TEXT):
        readable = part.sub(_blank, readable)
    for rule in (*RULES, _UNORDERED_NULLS):
        for match in re.finditer(rule.pattern, readable, re.IGNORECASE):
            line = readable.count("\n", 0, match.start()) + 1
            yield line, " ".join(match.group().split())[:60], rule.instead


def _blank(match: re.Match[str]) -> str:
    """Return as many characters, so that lines keep their numbers."""
    return re.sub(r"[^\n]", " ", match.group())


def main(project: Path = PROJECT) -> int:
    """Print every problem of a dbt project; return the exit status."""
    found = 0
    for folder in _CHECKED:
        for path in sorted((project / folder).rglob("*.sql")):
            for line, text, instead in problems(path.read_text(encoding="utf-8")):
                found += 1
                place = f"{path.relative_to(project.parent)}:{line}"
                sys.stdout.write(f"{place}: `{text}` differs between engines: use {instead}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
