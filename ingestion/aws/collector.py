"""One scan of an AWS account: what its regions hold, and how it was used.

Each pair of region and resource type is read by itself, so that what one refuses stops no other.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from types import TracebackType
from typing import Any, Self

from ingestion.aws import listing
from ingestion.aws.operations import LIST_REGIONS, actions_of
from ingestion.aws.problems import (
    EXPIRED,
    TRANSLATED,
    Ask,
    code_of,
    lost_its_page,
    refused,
    refused_call,
    refused_role,
)
from ingestion.aws.resource_type import AwsResourceType
from ingestion.aws.session import AwsSession
from ingestion.aws.utilization import UtilizationReader
from ingestion.errors import DisabledScopeError, ProviderError
from ingestion.model import (
    EVERYWHERE,
    Answer,
    AwsAccess,
    Place,
    ScopeStatus,
    UtilizationRequest,
    arrow_rows,
    landed_schema,
)

RESTARTS = 2
"""How often a list is begun again whose page token or session expired midway."""


class AwsCollector:
    """Reads an account; leaving the block forgets its credentials.

    Args:
        access: Role to assume.
        resource_types: What may be read; nothing else is called.
        session_name: What the account's audit log calls us.
        used_regions: Regions that held resources before: told if they are not enabled any more.
        parallel: Calls at a time.
        attempts: Tries of one call.
    """

    def __init__(
        self,
        access: AwsAccess,
        resource_types: Sequence[AwsResourceType],
        *,
        session_name: str = "cloudprune",
        used_regions: Collection[str] = (),
        parallel: int = 8,
        attempts: int = 10,
    ) -> None:
        self._access = access
        self._used_regions = frozenset(used_regions)
        self._session = AwsSession(
            access,
            session_name=session_name,
            allowed=actions_of(resource_types),
            parallel=parallel,
            attempts=attempts,
        )
        self._pool = ThreadPoolExecutor(parallel, thread_name_prefix="aws")
        self._places: list[Place] | None = None
        self._refusals: dict[Place, ProviderError] = {}

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
        self._pool.shutdown(cancel_futures=True)
        self._session.close()

    def places(self) -> Sequence[Place]:
        """Return the enabled regions, and those that were used and are not enabled any more."""
        if self._places is None:
            self._places = self._find_places()
        return self._places

    def inventory(self, resource_types: Sequence[AwsResourceType]) -> Iterator[Answer]:
        """Yield one answer per region and resource type, as they come."""
        waiting: set[Future[Answer]] = set()
        for place in self.places():
            for kind in resource_types:
                if place in self._refusals:
                    yield refused(place, kind.name, self._refusals[place])
                else:
                    waiting.add(self._pool.submit(self._list, kind, place))
        for future in as_completed(waiting):
            waiting.discard(future)  # its rows live no longer than they are needed
            yield future.result()

    def utilization(self, requests: Sequence[UtilizationRequest]) -> Iterator[Answer]:
        """Yield one answer per region: the daily utilization of its resources."""
        yield from UtilizationReader(self._session, self._pool).read(requests)

    def _find_places(self) -> list[Place]:
        account = Place(self._access.account_id, EVERYWHERE)
        try:
            self._session.open()
        except TRANSLATED as error:
            self._refusals[account] = refused_role(error, self._access)
            return [account]
        try:
            client = self._session.client("ec2", self._session.home_region)
            regions = client.describe_regions(AllRegions=True)["Regions"]
        except TRANSLATED as error:
            ask = Ask(self._access, account, (LIST_REGIONS,))
            self._refusals[account] = refused_call(error, ask)
            return [account]
        return list(self._of_interest(regions))

    def _of_interest(self, regions: Sequence[Mapping[str, Any]]) -> Iterator[Place]:
        for region in sorted(regions, key=lambda found: str(found["RegionName"])):
            place = Place(self._access.account_id, region["RegionName"])
            if region.get("OptInStatus") != "not-opted-in":
                yield place
            elif place.region_id in self._used_regions:
                self._refusals[place] = DisabledScopeError(
                    f"region {place.region_id} is not enabled in {place.sub_account_id} any more",
                    code="not-opted-in",
                    action="an administrator of the account enables it if it holds resources; "
                    "what was known of it stays",
                )
                yield place

    def _list(self, resource_type: AwsResourceType, place: Place) -> Answer:
        where = {
            "partition": self._session.partition,
            "account_id": place.sub_account_id,
            "region_id": place.region_id,
        }
        with self._session.counted() as calls:
            for restarts in range(RESTARTS + 1):
                generation = self._session.generation
                try:
                    client = self._session.client(resource_type.service, place.region_id)
                    rows = listing.list_rows(client, resource_type, where)
                    table = arrow_rows(rows, landed_schema(resource_type))
                except TRANSLATED as error:
                    is_last = restarts == RESTARTS
                    if not is_last and self._can_restart(error, generation):
                        continue
                    ask = Ask(self._access, place, resource_type.permissions)
                    return refused(place, resource_type.name, refused_call(error, ask), calls())
                break
            status = ScopeStatus.COMPLETE
            name = resource_type.name
            return Answer(place.sub_account_id, place.region_id, name, status, table, calls())

    def _can_restart(self, error: BaseException, generation: int) -> bool:
        if code_of(error) in EXPIRED:
            return self._session.renewed(generation)
        return lost_its_page(error)
