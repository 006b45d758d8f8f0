"""Tries every declared permission once, in one region, reading as little as it can."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import jmespath

from ingestion.aws.operations import LIST_REGIONS, READ_METRICS
from ingestion.aws.problems import TRANSLATED, Ask, refused_call
from ingestion.aws.resource_type import AwsResourceType
from ingestion.aws.session import AwsSession
from ingestion.errors import AccessDeniedError
from ingestion.model import Place
from ingestion.probes import Outcome, Probe, worst

_PAGE_SIZE = 100
_NOTHING = "not tried, because there is nothing in {} to try it on"

Call = Callable[[], Mapping[str, Any]]


class Trials:
    """Asks one region of an account for the first page of everything.

    Args:
        session: Open session of the role.
        region_id: Where it is tried.
    """

    def __init__(self, session: AwsSession, region_id: str) -> None:
        self._session = session
        self._region_id = region_id
        self._place = Place(session.access.account_id, region_id)

    def run(
        self, kinds: Sequence[AwsResourceType], purposes: Mapping[str, tuple[str, ...]]
    ) -> tuple[Probe, ...]:
        """Return one probe per permission, by name.

        Args:
            kinds: What a scan reads.
            purposes: What each permission is for; the permissions to be tried.
        """
        found: dict[str, list[Probe]] = {permission: [] for permission in purposes}
        for probe in self._all(kinds):
            found.setdefault(probe.subject, []).append(probe)
        untried = Probe("", Outcome.UNKNOWN, note="not tried")
        return tuple(
            Probe(permission, told.outcome, purposes.get(permission, ()), told.note)
            for permission, probes in sorted(found.items())
            for told in (worst(probes or [untried]),)
        )

    def _all(self, kinds: Sequence[AwsResourceType]) -> Iterator[Probe]:
        ec2 = self._session.client("ec2", self._region_id)
        yield self._try(LIST_REGIONS, ec2.describe_regions)[0]
        yield self._try(READ_METRICS, self._metrics)[0]
        for kind in kinds:
            yield from self._kind(kind)

    def _metrics(self) -> Mapping[str, Any]:
        now = datetime.now(UTC)
        metric = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization"}
        stat = {"Metric": metric, "Period": 86400, "Stat": "Sum"}
        answer: Mapping[str, Any] = self._session.client(
            "cloudwatch", self._region_id
        ).get_metric_data(
            MetricDataQueries=[{"Id": "trial", "MetricStat": stat}],
            StartTime=now - timedelta(days=1),
            EndTime=now,
        )
        return answer

    def _kind(self, kind: AwsResourceType) -> Iterator[Probe]:
        named: dict[str, Any] = {}
        if kind.parent:
            listing = self._first_page(kind, kind.parent.operation, kind.parent.page_size, {})
            probe, answer = self._try(kind.parent.permission, listing)
            yield probe
            parents = jmespath.search(kind.parent.items, answer) or []
            if not parents:
                yield self._not_tried(kind.permission)
                return
            named = {kind.parent.parameter: parents[0]}
        asked = dict(kind.parameters) | named
        listing = self._first_page(kind, kind.operation, kind.page_size, asked)
        probe, answer = self._try(kind.permission, listing)
        yield probe
        if kind.tag_lookup:
            yield self._tags(kind, jmespath.search(kind.items, answer) or [])

    def _tags(self, kind: AwsResourceType, items: Sequence[Mapping[str, Any]]) -> Probe:
        lookup = kind.tag_lookup
        if lookup is None or not items:
            return self._not_tried(lookup.permission if lookup else "")
        named = {lookup.parameter: [jmespath.search(lookup.key, items[0])]}
        return self._try(lookup.permission, self._first_page(kind, lookup.operation, 0, named))[0]

    def _first_page(
        self, kind: AwsResourceType, operation: str, page_size: int, asked: Mapping[str, Any]
    ) -> Call:
        client = self._session.client(kind.service, self._region_id)
        if not page_size:
            return lambda: dict(getattr(client, operation)(**asked))
        paging = {"PageSize": min(page_size, _PAGE_SIZE)}
        pages = client.get_paginator(operation).paginate(**asked, PaginationConfig=paging)
        return lambda: dict(next(iter(pages)))

    def _try(self, permission: str, call: Call) -> tuple[Probe, Mapping[str, Any]]:
        try:
            return Probe(permission, Outcome.OK), call()
        except TRANSLATED as error:
            refusal = refused_call(error, Ask(self._session.access, self._place, (permission,)))
        if isinstance(refusal, AccessDeniedError):
            told = f"{refusal.message}; {refusal.action}"
            return Probe(permission, Outcome.DENIED, note=told), {}
        told = f"not tried, because {refusal.message}"
        return Probe(permission, Outcome.UNKNOWN, note=told), {}

    def _not_tried(self, permission: str) -> Probe:
        return Probe(permission, Outcome.UNKNOWN, note=_NOTHING.format(self._region_id))
