"""Queries of the simulated Resource Graph: what Kusto answers, or a refusal; never a guess."""

from typing import Any

import pytest

from estate.clouds.azure.kql import QueryError, parse

DISK = {
    "id": "/subscriptions/S/resourceGroups/RG/providers/Microsoft.Compute/disks/D",
    "name": "D",
    "type": "microsoft.compute/disks",
    "location": "eastus",
    "sku": {"name": "Premium_LRS"},
    "zones": ["2"],
    "properties": {
        "diskSizeGB": 128,
        "timeCreated": "2025-01-21T11:45:22.8082948+02:00",
        "incremental": True,
        "pools": [{"members": [1, 2]}, {}],
        "power": {"code": "PowerState/deallocated"},
    },
}


def value(expression: str, document: dict[str, Any] | None = None) -> Any:
    query = parse(f"resources | where type =~ 'x' | project answer = {expression}")
    return query.row(DISK if document is None else document)["answer"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("name", "D"),
        ("tolower(name)", "d"),
        ("tostring(sku.name)", "Premium_LRS"),
        ("tostring(properties.nothing.at.all)", ""),
        ("tostring(properties.diskSizeGB)", "128"),
        ("tostring(properties.incremental)", "true"),
        ("tolower(managedBy)", ""),
        ("tolong(properties.diskSizeGB)", 128),
        ("tolong(properties.nothing)", None),
        ("tolong('12a')", None),
        ("tobool(properties.incremental)", True),
        ("tobool(properties.nothing)", None),
        ("todatetime(properties.timeCreated)", "2025-01-21T09:45:22.8082940Z"),
        ("todatetime(properties.nothing)", None),
        ("todatetime('soon')", None),
        ("split(properties.power.code, '/')[1]", "deallocated"),
        ("split(properties.power.code, '/')[2]", None),
        ("tostring(split(properties.nothing, '/')[1])", ""),
        ("properties.pools[0].members[1]", 2),
        ("properties.pools[1].members", None),
        ("properties.pools[7]", None),
        ("tostring(zones[0])", "2"),
        ("tags", None),
        ("array_length(properties.pools)", 2),
        ("array_length(properties.nothing)", None),
        ("coalesce(array_length(properties.nothing), 0) + array_length(properties.pools)", 2),
        ("array_length(properties.nothing) + 1", None),
        ("coalesce(tostring(properties.nothing), 'none')", "none"),
        (r"'it\'s'", "it's"),
    ],
)
def test_expressions_are_evaluated_as_kusto_does(expression: str, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    "query",
    [
        "resources",
        "resources | where type == 'x' | project id",
        "resources | where name =~ 'x' | project id",
        "resources | where type =~ 'x' | project id | limit 5",
        "resources | where type =~ 'x' | project id | order by name asc",
        "resources | where type =~ 'x' | project name | order by id asc",
        "resources | where type =~ 'x' | project id; drop",
        "advisorresources | where type =~ 'x' | project id",
        "resources | where type =~ 'x' | project owner",
        "resources | where type =~ 'x' | project a = toupper(name)",
        "resources | where type =~ 'x' | project a = tolower(tolong(name))",
        "resources | where type =~ 'x' | project a = name.first",
        "resources | where type =~ 'x' | project a = array_length(name)",
        "resources | where type =~ 'x' | project a = properties.one + properties.two",
        "resources | where type =~ 'x' | project a = coalesce(name, 0)",
        "resources | where type =~ 'x' | project a = coalesce(name)",
        "resources | where type =~ 'x' | project a = split(name, '')[0]",
        "resources | where type =~ 'x' | project a = 'open",
        "resources | where type =~ 'x' | project id = name, id",
    ],
)
def test_what_is_not_in_the_language_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)


def test_a_refusal_names_the_place() -> None:
    query = "resources | where type =~ 'x' | project a = toupper(name)"

    with pytest.raises(QueryError) as refused:
        parse(query)

    assert refused.value.position == query.index("toupper")
    assert "toupper" in str(refused.value)


@pytest.mark.parametrize(
    ("order", "is_descending"),
    [
        ("", False),
        (" | order by id asc", False),
        (" | order by id desc", True),
        (" | order by id", True),
    ],
)
def test_rows_are_ordered_as_asked(order: str, is_descending: bool) -> None:
    assert (
        parse(f"Resources | where type =~ 'X' | project id{order}").is_descending is is_descending
    )
