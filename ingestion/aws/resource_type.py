"""What an AWS resource type declares, and a row of the answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jmespath
import pyarrow as pa

from ingestion.model import Column, Metric

TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Parent:
    """A list whose members have to be asked one by one.

    Attributes:
        operation: boto3 method that lists the parents.
        items: JMESPath from one answer to the identifiers of its parents.
        parameter: Argument of the resource type's operation that takes one identifier.
        page_size: The provider's maximum.
        permission: IAM action that listing needs.
        gone: Codes that say a parent is gone since it was listed.
        parameters: Arguments sent with every call that lists parents.
    """

    operation: str
    items: str
    parameter: str
    page_size: int
    permission: str
    gone: frozenset[str]
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TagLookup:
    """Tags that the list itself leaves out.

    Attributes:
        operation: boto3 method that answers the tags of several resources.
        parameter: Its argument, a list of identifiers.
        key: JMESPath from a listed resource to its identifier.
        items: JMESPath from one answer to objects with `key` and `tags`.
        batch_size: The provider's maximum of identifiers per call.
        permission: IAM action it needs.
        gone: Codes that say a resource is gone since it was listed.
    """

    operation: str
    parameter: str
    key: str
    items: str
    batch_size: int
    permission: str
    gone: frozenset[str]


@dataclass(frozen=True, slots=True)
class AwsResourceType:
    """Where one kind of AWS resource is listed, and which of its fields are kept.

    Attributes:
        name: Name of the landed table.
        description: One sentence on what a row is.
        service: boto3 client name.
        operation: boto3 method that lists the resources.
        items: JMESPath from one answer to its resources.
        permission: IAM action that listing needs.
        columns: What is kept; `Column.path` is a JMESPath into one resource, to which `Place`
            adds `partition`, `account_id` and `region_id`.
        page_size: The provider's maximum per page; 0 where it answers whole.
        parameters: Arguments sent with every call.
        metrics: What is read of its utilization.
        parent: What has to be listed before, if anything.
        tag_lookup: Where its tags are, if not in the list.
    """

    name: str
    description: str
    service: str
    operation: str
    items: str
    permission: str
    columns: tuple[Column, ...]
    page_size: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()
    parent: Parent | None = None
    tag_lookup: TagLookup | None = None
    provider: str = "aws"

    @property
    def permissions(self) -> tuple[str, ...]:
        """IAM actions that listing it needs."""
        more = (step.permission for step in (self.parent, self.tag_lookup) if step)
        return (self.permission, *more)


def row_reader(resource_type: AwsResourceType) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return what turns one listed resource into its declared columns."""
    paths = [(c, jmespath.compile(c.path)) for c in resource_type.columns]

    def read(item: Mapping[str, Any]) -> dict[str, Any]:
        return {column.name: _value(column, path.search(item)) for column, path in paths}

    return read


def _value(column: Column, found: Any) -> Any:
    if column.name == TAGS:
        tags = {tag["Key"]: tag.get("Value", "") for tag in found or ()}
        return _text(json.dumps(tags, ensure_ascii=False, sort_keys=True))
    if found is None or found == "":
        return None
    if pa.types.is_timestamp(column.dtype):
        moment = datetime.fromisoformat(found) if isinstance(found, str) else found
        return moment.astimezone(UTC).replace(tzinfo=None)
    if isinstance(found, list | dict):
        return _text(json.dumps(found, ensure_ascii=False))
    return _text(found) if isinstance(found, str) else found


def _text(value: str) -> str:
    """Return a text that can be written: half a surrogate pair cannot."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
