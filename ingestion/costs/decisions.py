"""What was decided on deliveries before, and whether it stands now that they lie there again."""

from dataclasses import dataclass
from datetime import datetime

from ingestion.costs.ledger import Ledger, Load


@dataclass(frozen=True, slots=True)
class Decisions:
    """Former decisions, as seen by one run over a source.

    Attributes:
        ledger: The tenant's loads.
        together: Digests of the deliveries that lie in the source, whose order among themselves no
            option changes: of a folder of snapshots the last one stays.
        take_over: Whether these deliveries may replace any that do not lie beside them.
    """

    ledger: Ledger
    together: frozenset[str]
    take_over: bool = False

    def standing(self, load_id: str, source_uri: str, delivered_at: datetime) -> list[Load]:
        """Return what was decided on a delivery, or nothing if it is to be decided (again)."""
        decided = self.ledger.decided(load_id)
        is_whole = all(self.stands(load, source_uri, delivered_at) for load in decided)
        return decided if is_whole else []

    def stands(self, former: Load, source_uri: str, delivered_at: datetime) -> bool:
        """Whether what became of a delivery in one partition holds where it lies there again.

        A replaced one claims its place again where it is taken over, unless what holds the place
        lies beside it and is no older; or where it was written later to the very place of what
        replaced it: then it is the provider's newest word.
        """
        if former.is_current or not former.is_settled:
            return former.is_settled
        if self.take_over:
            return any(
                holder.load_id in self.together
                and (holder.family != former.family or not holder.is_older_than(former))
                for holder in self._holders(former)
            )
        return not any(
            rival.source_uri == source_uri
            and delivered_at > max(rival.delivered_at, former.delivered_at)
            for rival in self.rivals(former)
        )

    def comes_too_late(self, load: Load, rival: Load) -> bool:
        """Whether a load is older than the one that holds its place, and may not replace it."""
        is_taken_over = self.take_over and rival.load_id not in self.together
        return load.is_older_than(rival) and not is_taken_over

    def is_open(self, load: Load, rival: Load) -> bool:
        """Whether a load that comes too late may yet be the provider's newest word.

        It was written after what holds its place and ends on an earlier day: a bill restated, or an
        old file copied. What lies beside it in one folder is one row of snapshots.
        """
        is_beside = rival.load_id in self.together
        is_timed = load.is_time_stated and rival.is_time_stated
        return not is_beside and not is_timed and load.delivered_at > rival.delivered_at

    def rivals(self, former: Load) -> list[Load]:
        """Return the loads that took the place of a former one and do not lie beside it."""
        holders = [] if former.is_current else self._holders(former)
        return [] if any(other.load_id in self.together for other in holders) else holders

    def is_displaced(self, former: Load) -> bool:
        """Whether another connection took the place of a former load, and of its partition."""
        return not former.is_current and not self.ledger.current(*former.partition)

    def _holders(self, former: Load) -> list[Load]:
        current = self.ledger.current(*former.partition)
        return [other for other in current if other.replaces(former)]
