"""Resource Graph over many resources, and its quota; in process, as paging needs no network."""

from datetime import date
from typing import Any

import pytest

from estate.clouds.azure.directories import build_directories
from estate.clouds.azure.errors import GraphRefusedError
from estate.clouds.azure.faults import Faults
from estate.clouds.azure.fleet import build_fleet
from estate.clouds.azure.graph import Graph
from estate.clouds.azure.inventory import Inventory

DAY = date(2026, 5, 20)
DISKS = (
    "resources | where type =~ 'microsoft.compute/disks' | project id, size = tostring(sku.name)"
)


def pages(graph: Graph, **request: Any) -> list[list[str]]:
    """Return the ids of each page."""
    (directory,) = build_directories([build_fleet(0, DAY)])
    token, found = None, []
    while True:
        options = {"$top": 1000, "$skipToken": token}
        answer = graph.answer(directory, {"query": DISKS, "options": options, **request})
        found.append([row["id"] for row in answer["data"]])
        token = answer.get("$skipToken")
        if token is None:
            return found


def fleet(disks: int) -> tuple[Graph, Any]:
    (directory,) = build_directories([build_fleet(disks, DAY)])
    return Graph({directory.directory_id: Inventory(directory, DAY)}, Faults()), directory


def test_fifty_thousand_disks_are_fifty_pages() -> None:
    graph, _ = fleet(50_000)

    found = pages(graph)

    assert [len(page) for page in found] == [1000] * 50
    assert len({each for page in found for each in page}) == 50_000


def test_one_subscription_is_half_of_the_fleet() -> None:
    graph, directory = fleet(4_000)

    found = pages(graph, subscriptions=[directory.subscriptions[0].account_id])

    assert [len(page) for page in found] == [1000, 1000]


def test_the_quota_of_a_window_is_counted_by_directory() -> None:
    graph, directory = fleet(1)

    left = [graph.spend(directory)["x-ms-user-quota-remaining"] for _ in range(15)]
    with pytest.raises(GraphRefusedError) as refused:
        graph.spend(directory)

    assert left == [str(number) for number in range(14, -1, -1)]
    assert refused.value.status == 429
    assert int(refused.value.headers["Retry-After"]) <= 5
