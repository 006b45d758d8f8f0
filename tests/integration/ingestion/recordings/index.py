"""Finds recordings, as their index lists them."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def recorded(folder: Path, cloud: str, service: str, operation: str) -> Iterator[Any]:
    """Yield the successful recordings of one operation.

    Args:
        folder: The folder of recordings, with its `index.csv`.
        cloud: aws or azure.
        service: As the index names it: an AWS service or an ARM type.
        operation: AWS operation, or HTTP method.
    """
    with (folder / "index.csv").open(encoding="utf-8") as lines:
        for entry in csv.DictReader(lines):
            path, _, position = entry["file"].partition("#")
            asked = (path.split("/")[0], entry["service_or_type"], entry["operation"])
            if asked == (cloud, service, operation) and entry["status"] == "200":
                content = json.loads((folder / path).read_text(encoding="utf-8"))
                if position:
                    yield content["interactions"][int(position)]["response"]["body"]["data"]
                else:
                    yield revived(content["data"])


def revived(value: Any) -> Any:
    """Return a recorded value with its instants."""
    if isinstance(value, list):
        return [revived(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("__class__") == "datetime":
        parts = {name: part for name, part in value.items() if name != "__class__"}
        return datetime(**parts, tzinfo=UTC)
    return {name: revived(one) for name, one in value.items()}


def found(item: Any, path: str) -> Any:
    """Return what lies at `A.B.0.C` of an item; None where there is nothing."""
    for step in path.split("."):
        if isinstance(item, list):
            item = item[int(step)] if len(item) > int(step) else None
        elif isinstance(item, dict):
            item = item.get(step)
        else:
            return None
    return None if item == "" else item
