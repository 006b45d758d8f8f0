"""One scan of an Azure connection: what its subscriptions hold, and how it was used.

Resource Graph answers subscriptions whole, many at a time, so that a table costs a page per 1,000
resources whatever the number of subscriptions. What a place refuses is an answer too.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from ingestion.azure.access import AzureClients, AzureEndpoints
from ingestion.azure.graph import groups_of, read_rows, visible_subscriptions
from ingestion.azure.metrics import Batch, batches_of, read_days
from ingestion.azure.operations import READ_METRICS, READ_SUBSCRIPTIONS
from ingestion.azure.problems import NOT_VISIBLE, READ_ERRORS, Translator
from ingestion.azure.resource_type import AzureResourceType
from ingestion.azure.throttling import Patience
from ingestion.errors import AccessDeniedError, ProviderError, ThrottledError
from ingestion.inventory.schema import UTILIZATION, UTILIZATION_TABLE
from ingestion.model import (
    EVERYWHERE,
    Answer,
    AzureAccess,
    Place,
    ScopeStatus,
    UtilizationRequest,
    arrow_rows,
    landed_schema,
)

CALLS_AT_A_TIME = 8


@dataclass(frozen=True, slots=True)
class Reach:
    """Which subscriptions a scan reads, and why it cannot read the others."""

    readable: tuple[str, ...] = ()
    refused: Mapping[str, ProviderError] = field(default_factory=dict)


class AzureCollector:
    """Reads a connection; leaving the block forgets its credentials.

    Args:
        access: Who asks, and for which subscriptions.
        endpoints: Where Azure answers.
        known_subscriptions: Those that earlier scans asked: told if they cannot be seen any more.
        patience: Waits and counts.
        parallel: Metrics calls at a time.
    """

    def __init__(
        self,
        access: AzureAccess,
        endpoints: AzureEndpoints | None = None,
        *,
        known_subscriptions: Collection[str] = (),
        patience: Patience | None = None,
        parallel: int = CALLS_AT_A_TIME,
    ) -> None:
        self._declared = tuple(dict.fromkeys(s.lower() for s in access.subscriptions))
        self._known = frozenset(s.lower() for s in known_subscriptions)
        self._translator = Translator(access.directory_id, access.client_id)
        self._patience = patience or Patience()
        self._clients = AzureClients(access, endpoints or AzureEndpoints(), self._patience)
        self._parallel = parallel

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Forget the credentials."""
        self._clients.__exit__(error_type, error, traceback)

    def places(self) -> Sequence[Place]:
        """Return the subscriptions of this scan, readable or not."""
        return [Place(s, EVERYWHERE) for s in (*self._reach.readable, *self._reach.refused)]

    @cached_property
    def _reach(self) -> Reach:
        try:
            visible = visible_subscriptions(self._clients.graph)
        except READ_ERRORS as error:
            refusal = self._translator.translated(error, READ_SUBSCRIPTIONS)
            return Reach(refused=dict.fromkeys(self._declared or (EVERYWHERE,), refusal))
        lost = () if self._declared else tuple(sorted(self._known.difference(visible)))
        wanted = self._declared or (*visible, *lost) or (EVERYWHERE,)
        return Reach(
            readable=tuple(s for s in wanted if s in visible),
            refused={s: self._unseen(s) for s in wanted if s not in visible},
        )

    def _unseen(self, subscription: str) -> ProviderError:
        if subscription in self._known and not self._declared:
            return self._translator.lost(subscription)
        scope = "" if subscription == EVERYWHERE else subscription
        return self._translator.denied(NOT_VISIBLE, [READ_SUBSCRIPTIONS], scope=scope)

    def inventory(self, resource_types: Sequence[AzureResourceType]) -> Iterator[Answer]:
        """Yield an answer per subscription and type: the resources of all its regions."""
        for resource_type in resource_types:
            for subscription, refusal in self._reach.refused.items():
                yield _answer(Place(subscription, EVERYWHERE), resource_type.name, refusal)
            for group in groups_of(self._reach.readable):
                yield from self._listed(resource_type, group)

    def _listed(
        self, resource_type: AzureResourceType, subscriptions: Sequence[str]
    ) -> Iterator[Answer]:
        found: dict[str, list[dict[str, Any]]] = {s: [] for s in subscriptions}
        refusal: ProviderError | None = None
        with self._patience.counted() as calls:
            try:
                for answered in read_rows(self._clients.graph, resource_type.query, subscriptions):
                    row = resource_type.row(answered)
                    found[row["sub_account_id"]].append(row)
            except READ_ERRORS as error:
                refusal = self._translator.translated(error, *resource_type.permissions)
        for n, subscription in enumerate(subscriptions):
            place = Place(subscription, EVERYWHERE)
            made = 0 if n else calls()  # one query for all: its calls are the first one's
            rows = arrow_rows(found[subscription], landed_schema(resource_type))
            yield _answer(place, resource_type.name, refusal, () if refusal else rows, made)

    def utilization(self, requests: Sequence[UtilizationRequest]) -> Iterator[Answer]:
        """Yield an answer per call: daily utilization of up to 50 resources of a place."""
        batches = [batch for request in requests for batch in batches_of(request)]
        for region_id in {batch.place.region_id for batch in batches}:
            self._clients.metrics(region_id)  # opened here, as threads would open it twice
        with ThreadPoolExecutor(self._parallel) as pool:
            yield from pool.map(self._measured, batches)

    def _measured(self, batch: Batch) -> Answer:
        refusals: list[ProviderError] = []
        with self._patience.counted() as calls:
            rows = arrow_rows(self._rows(batch, refusals), UTILIZATION)
            made = calls()
        return _answer(batch.place, UTILIZATION_TABLE, next(iter(refusals), None), rows, made)

    def _rows(self, batch: Batch, refusals: list[ProviderError]) -> Iterable[Mapping[str, Any]]:
        try:
            yield from read_days(self._clients.metrics(batch.place.region_id), batch)
        except READ_ERRORS as error:
            refusals.append(self._translator.translated(error, READ_METRICS))


def _answer(
    place: Place,
    table_name: str,
    refusal: ProviderError | None,
    rows: Any = (),
    call_count: int = 0,
) -> Answer:
    where = (place.sub_account_id, place.region_id, table_name)
    if refusal is None:
        return Answer(*where, ScopeStatus.COMPLETE, rows, call_count)
    told = (refusal.code, refusal.message, refusal.action)
    return Answer(*where, _status(refusal), rows, call_count, *told)


def _status(refusal: ProviderError) -> ScopeStatus:
    if isinstance(refusal, AccessDeniedError):
        return ScopeStatus.DENIED
    return ScopeStatus.THROTTLED if isinstance(refusal, ThrottledError) else ScopeStatus.FAILED
