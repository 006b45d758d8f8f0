"""Lists the resources of any declared type, a page of the provider's maximum size at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jmespath
from botocore.exceptions import ClientError

from ingestion.aws.problems import code_of
from ingestion.aws.resource_type import AwsResourceType, Parent, TagLookup, row_reader

Item = dict[str, Any]


def list_rows(
    client: Any, resource_type: AwsResourceType, place: Mapping[str, str]
) -> Iterator[Item]:
    """Yield one row per resource in one region.

    A resource that is gone between two calls is left out.

    Args:
        client: boto3 client of the type's service in the region.
        resource_type: What is listed.
        place: `partition`, `account_id` and `region_id`.

    Raises:
        BotoCoreError, ClientError: The list cannot be read to its end.
    """
    read = row_reader(resource_type)
    where = {"sub_account_id": place["account_id"], "region_id": place["region_id"]}
    for page in _answers(client, resource_type):
        items = jmespath.search(resource_type.items, page) or []
        if resource_type.tag_lookup:
            items = list(_tagged(client, resource_type.tag_lookup, items))
        for item in items:
            yield where | read(item | {"Place": place})


def _answers(client: Any, resource_type: AwsResourceType) -> Iterator[Mapping[str, Any]]:
    ask = _asking(client, resource_type.operation, resource_type.page_size)
    if resource_type.parent is None:
        yield from ask(**resource_type.parameters)
        return
    for parent_id in _parents(client, resource_type.parent):
        named = {resource_type.parent.parameter: parent_id}
        try:
            yield from ask(**resource_type.parameters, **named)
        except ClientError as error:
            if code_of(error) not in resource_type.parent.gone:
                raise


def _parents(client: Any, parent: Parent) -> Iterator[str]:
    for page in _asking(client, parent.operation, parent.page_size)(**parent.parameters):
        yield from jmespath.search(parent.items, page) or ()


def _asking(
    client: Any, operation: str, page_size: int
) -> Callable[..., Iterator[Mapping[str, Any]]]:
    """Return what answers an operation's pages, or its one answer where it has no pages."""
    if not page_size:
        return lambda **arguments: iter((getattr(client, operation)(**arguments),))
    paginator = client.get_paginator(operation)
    paging = {"PageSize": page_size}
    return lambda **arguments: iter(paginator.paginate(**arguments, PaginationConfig=paging))


def _tagged(client: Any, lookup: TagLookup, items: Sequence[Item]) -> Iterator[Item]:
    key = jmespath.compile(lookup.key)
    for first in range(0, len(items), lookup.batch_size):
        batch = {key.search(item): item for item in items[first : first + lookup.batch_size]}
        tags = _tags(client, lookup, list(batch))
        for identifier, item in batch.items():
            if identifier in tags:
                yield item | {"Tags": tags[identifier]}


def _tags(client: Any, lookup: TagLookup, identifiers: Sequence[str]) -> dict[str, Any]:
    """Return the tags of each resource that is still there.

    AWS refuses the whole call for one that is gone, so that it is halved until it stands alone.
    """
    try:
        answer = getattr(client, lookup.operation)(**{lookup.parameter: list(identifiers)})
    except ClientError as error:
        if code_of(error) not in lookup.gone:
            raise
        if len(identifiers) == 1:
            return {}
        middle = len(identifiers) // 2
        left = _tags(client, lookup, identifiers[:middle])
        return left | _tags(client, lookup, identifiers[middle:])
    found = {one["key"]: one["tags"] for one in jmespath.search(lookup.items, answer) or ()}
    return {identifier: found.get(identifier) for identifier in identifiers}
