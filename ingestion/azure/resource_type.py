"""What an Azure resource type declares, its Resource Graph query, and a row of the answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jmespath
import pyarrow as pa

from ingestion.model import Column, Metric

IDENTITY = (
    Column("resource_id", "tolower(id)", pa.string(), "ARM identifier, lower case."),
    Column("resource_name", "name", pa.string(), "Name within its resource group."),
    Column("tags", "tags", pa.string(), "Tags as the text of a JSON object."),
    Column(
        "resource_group_name", "tolower(resourceGroup)", pa.string(), "Resource group, lower case."
    ),
)
"""What every resource of Azure has."""

_PLACE = "id, sub_account_id = tolower(subscriptionId), region_id = location"
"""Without `id` in the answer, Resource Graph gives no token for the next page."""


@dataclass(frozen=True, slots=True)
class AzureResourceType:
    """One kind of Azure resource, and which of its fields are kept.

    Attributes:
        name: Name of the landed table.
        description: One sentence on what a row is.
        arm_type: Azure's own name of the type, such as `Microsoft.Compute/disks`; it is the
            namespace of its metrics as well.
        declared: What is kept beside `IDENTITY`; `Column.path` is a Kusto expression.
        metrics: What is read of its utilization.
        shapes: JMESPath expressions, by column, over values that Kusto answers whole because it
            cannot reduce them in one expression.
    """

    name: str
    description: str
    arm_type: str
    declared: tuple[Column, ...]
    metrics: tuple[Metric, ...] = ()
    shapes: Mapping[str, str] = field(default_factory=dict)
    provider: str = "azure"

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns in landing order."""
        return IDENTITY + self.declared

    @property
    def permissions(self) -> tuple[str, ...]:
        """Operations that a role must allow to list it: Resource Graph answers what can be read."""
        return (f"{self.arm_type}/read",)

    @property
    def query(self) -> str:
        """Resource Graph query that answers the place and the declared columns, by id."""
        projected = ", ".join(f"{column.name} = {column.path}" for column in self.columns)
        selected = f"resources | where type =~ '{self.arm_type.lower()}'"
        return f"{selected} | project {_PLACE}, {projected} | order by id asc"

    def row(self, answered: Mapping[str, Any]) -> dict[str, Any]:
        """Return one answered resource as a row: empty is null, times are UTC without a zone."""
        place = {"sub_account_id": answered["sub_account_id"], "region_id": answered["region_id"]}
        return place | {c.name: self._value(c, answered.get(c.name)) for c in self.columns}

    def _value(self, column: Column, answered: Any) -> Any:
        if column.name == "tags":
            return _text(json.dumps(answered or {}, ensure_ascii=False, sort_keys=True))
        if column.name in self.shapes and answered is not None:
            answered = jmespath.search(self.shapes[column.name], answered)
        if answered is None or answered == "":
            return None
        if pa.types.is_timestamp(column.dtype):
            return datetime.fromisoformat(answered).astimezone(UTC).replace(tzinfo=None)
        return _text(answered) if isinstance(answered, str) else answered


def _text(value: str) -> str:
    """Return a text that can be written: half a surrogate pair, which JSON allows, cannot."""
    if value.isascii():
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
