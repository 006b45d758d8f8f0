"""Reads Resource Graph to the last page."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from azure.core.exceptions import HttpResponseError
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

from ingestion.azure.problems import IncompleteAnswerError

ROWS_PER_PAGE = 1000
SUBSCRIPTIONS_PER_QUERY = 300
"""Larger groups cost more of the quota than they save."""
_VISIBLE = (
    "resourcecontainers | where type =~ 'microsoft.resources/subscriptions'"
    " | project id, subscription_id = subscriptionId | order by id asc"
)
_ATTEMPTS = 3
_EMPTY_PAGES = 10


def visible_subscriptions(client: ResourceGraphClient) -> list[str]:
    """Return the subscriptions that the principal can read, in order."""
    return sorted(row["subscription_id"].lower() for row in _whole(client, _VISIBLE, None))


def groups_of(subscriptions: Sequence[str]) -> Iterator[list[str]]:
    """Yield the subscriptions in groups that one query reads."""
    for first in range(0, len(subscriptions), SUBSCRIPTIONS_PER_QUERY):
        yield list(subscriptions[first : first + SUBSCRIPTIONS_PER_QUERY])


def read_rows(
    client: ResourceGraphClient, query: str, subscriptions: Sequence[str]
) -> list[dict[str, Any]]:
    """Return every row of a query over a group of subscriptions.

    Raises:
        HttpResponseError: Azure refused.
        IncompleteAnswerError: It cut the answer off, or its pages would not hold still.
    """
    return _whole(client, query, list(subscriptions))


def _whole(
    client: ResourceGraphClient, query: str, subscriptions: list[str] | None
) -> list[dict[str, Any]]:
    """Return all pages, from the first one again where a token of a later one has expired."""
    for _ in range(_ATTEMPTS):
        try:
            return [row for page in _pages(client, query, subscriptions) for row in page]
        except _ExpiredTokenError:
            continue
    raise IncompleteAnswerError(f"the page token expired {_ATTEMPTS} times")


def _pages(
    client: ResourceGraphClient, query: str, subscriptions: list[str] | None
) -> Iterator[list[dict[str, Any]]]:
    token: str | None = None
    empty = 0
    while True:
        options = QueryRequestOptions(
            top=ROWS_PER_PAGE, skip_token=token, result_format="objectArray"
        )
        request = QueryRequest(query=query, subscriptions=subscriptions, options=options)
        try:
            answer = client.resources(request)
        except HttpResponseError as error:
            if token and error.status_code in {400, 404, 410}:
                raise _ExpiredTokenError from error
            raise
        yield cast(list[dict[str, Any]], answer.data)  # an object array was asked for
        token = answer.skip_token
        empty = 0 if answer.data else empty + 1
        if token and empty == _EMPTY_PAGES:
            raise IncompleteAnswerError(f"{empty} pages on end were empty and none was the last")
        if not token and answer.result_truncated == "true":
            raise IncompleteAnswerError("the answer was cut off without a token for the rest")
        if not token:
            return


class _ExpiredTokenError(Exception):
    """A query was well until its next page."""
