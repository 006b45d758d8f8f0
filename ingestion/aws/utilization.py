"""Reads the utilization of a scan's resources, region by region, many requests at a time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass, field

import pyarrow as pa

from ingestion.aws.cloudwatch import (
    Measured,
    Query,
    Read,
    Series,
    batches,
    days_of,
    measured_by,
    read_batch,
)
from ingestion.aws.operations import READ_METRICS
from ingestion.aws.problems import (
    EXPIRED,
    TRANSLATED,
    Ask,
    code_of,
    lost_its_page,
    refused,
    refused_call,
)
from ingestion.aws.session import AwsSession
from ingestion.errors import PermanentProviderError, ProviderError, TransientProviderError
from ingestion.inventory.schema import UTILIZATION, UTILIZATION_TABLE
from ingestion.model import Answer, Place, ScopeStatus, UtilizationRequest, arrow_rows


@dataclass(slots=True)
class _Region:
    """What came of one region so far.

    Attributes:
        place: Account and region.
        left: Requests that have not answered.
        tables: Rows of what is complete.
        parts: Statistics of what was split over two requests.
        call_count: Calls sent.
        error: The first failure.
    """

    place: Place
    left: int = 0
    tables: list[pa.Table] = field(default_factory=list)
    parts: dict[Measured, dict[str, Series]] = field(default_factory=lambda: defaultdict(dict))
    call_count: int = 0
    error: ProviderError | None = None

    @property
    def is_refused(self) -> bool:
        """Whether asking on is of no use."""
        return isinstance(self.error, PermanentProviderError)

    def take(self, read: Read) -> None:
        """Keep what a request answered; rows are made of what has all its statistics."""
        whole: dict[Measured, dict[str, Series]] = {}
        for query, series in read.series.items():
            parts = self.parts[query.measured]
            parts[query.statistic] = series
            if len(parts) == len(query.measured.statistics):
                whole[query.measured] = self.parts.pop(query.measured)
        where = {"sub_account_id": self.place.sub_account_id, "region_id": self.place.region_id}
        rows = (where | row for one, parts in whole.items() for row in days_of(one, parts))
        self.tables.append(arrow_rows(rows, UTILIZATION))
        if read.incomplete:
            state = next(iter(read.incomplete.values()))
            self.error = self.error or TransientProviderError(
                f"CloudWatch gave {len(read.incomplete):,} statistics in "
                f"{self.place.sub_account_id} {self.place.region_id} in part only ({state})",
                code=state,
                action="scan again; days that are missing are asked for once more",
            )

    def answer(self) -> Answer:
        """Return everything that came of the region."""
        rows = pa.concat_tables(self.tables) if self.tables else ()
        if self.error:
            return refused(self.place, UTILIZATION_TABLE, self.error, self.call_count, rows)
        place, status = self.place, ScopeStatus.COMPLETE
        name = UTILIZATION_TABLE
        return Answer(place.sub_account_id, place.region_id, name, status, rows, self.call_count)


class UtilizationReader:
    """Asks CloudWatch for the utilization of resources.

    Args:
        session: Clients of the account.
        pool: Does several requests at a time.
    """

    def __init__(self, session: AwsSession, pool: Executor) -> None:
        self._session = session
        self._pool = pool

    def read(self, requests: Sequence[UtilizationRequest]) -> Iterator[Answer]:
        """Yield one answer per region, as the last request of each is answered."""
        by_place: dict[Place, list[UtilizationRequest]] = defaultdict(list)
        for request in requests:
            by_place[request.place].append(request)
        waiting: dict[Future[tuple[Read, int]], _Region] = {}
        for place, those in by_place.items():
            region = _Region(place)
            for queries in batches(measured_by(those)):
                waiting[self._pool.submit(self._ask, region, queries)] = region
                region.left += 1
            if not region.left:
                yield region.answer()
        for future in as_completed(set(waiting)):
            region = waiting.pop(future)
            read, call_count = future.result()
            region.take(read)
            region.call_count += call_count
            region.left -= 1
            if not region.left:
                yield region.answer()

    def _ask(self, region: _Region, queries: Sequence[Query]) -> tuple[Read, int]:
        """Return what one request answered, and calls; a refusal is kept in the region."""
        if region.is_refused:
            return Read({}, {}), 0
        with self._session.counted() as calls:
            try:
                return self._read(region.place, queries), calls()
            except TRANSLATED as error:
                ask = Ask(self._session.access, region.place, (READ_METRICS,))
                region.error = region.error or refused_call(error, ask)
                return Read({}, {}), calls()

    def _read(self, place: Place, queries: Sequence[Query]) -> Read:
        """Read a request; once more where the session or a page token ended midway."""
        generation = self._session.generation
        try:
            return read_batch(self._session.client("cloudwatch", place.region_id), queries)
        except TRANSLATED as error:
            is_renewed = code_of(error) in EXPIRED and self._session.renewed(generation)
            if not is_renewed and not lost_its_page(error):
                raise
        return read_batch(self._session.client("cloudwatch", place.region_id), queries)
