"""From a source to the lake: every delivery below it is landed, and what became of it is told."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ingestion.costs.decisions import Decisions
from ingestion.costs.deliveries import Delivery, Found, find_deliveries
from ingestion.costs.engine import Limits, connect
from ingestion.costs.formats.registry import LacksColumnsError, OtherDatasetError
from ingestion.costs.landing import Landing
from ingestion.costs.ledger import Ledger, Load
from ingestion.costs.opening import NoTableError
from ingestion.costs.reading import reading
from ingestion.costs.rejects import rejected_lines, structural_rejects
from ingestion.costs.report import IngestReport, Kind, Outcome
from ingestion.costs.sidecars import may_be_prose
from ingestion.costs.staging import Say, billing_periods, check_row_count, stage
from ingestion.errors import IngestionError, UnknownFormatError, UnreadableFileError
from ingestion.lake import TenantLake
from ingestion.storage import Storage


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery that has not landed.

    Attributes:
        source_uri: Source it lies below.
        delivery_key: What makes it another one for whoever lands it: its content, when it was
            written, and what is to be healed in its months.
        name: Path of its manifest or file.
        billing_periods: Its months; none if it cannot be read.
    """

    source_uri: str
    delivery_key: str
    name: str
    billing_periods: tuple[str, ...]


def ingest_costs(
    lake: TenantLake,
    source: Storage,
    *,
    limits: Limits,
    billing_period: str | None = None,
    take_over: bool = False,
    is_erased: Callable[[str], bool] = lambda _: False,
    say: Say = lambda _: None,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> IngestReport:
    """Land every cost export below a source; what is wrong with one stops no other.

    One process at a time may do so for a tenant.

    Args:
        lake: The tenant's lake.
        source: Where the exports lie.
        limits: Memory and threads.
        billing_period: Land this month alone (`YYYY-MM`), or None for all.
        take_over: Let these deliveries replace those of another export, and newer ones.
        is_erased: Whether a connection was erased, so that nothing of it lands again.
        say: Told what runs.
        on_outcome: Told what became of each delivery, as it is known.

    Raises:
        SourceError: The source cannot be listed.
    """
    say(f"looking for cost exports in {source.root}")
    found = find_deliveries(source)
    decisions = _decisions(lake, found, take_over=take_over)
    landing = Landing(lake, source, decisions, is_erased)
    outcomes: list[Outcome] = []

    def tell(outcome: Outcome) -> None:
        outcomes.append(outcome)
        on_outcome(outcome)

    for outcome in found.outcomes:
        tell(outcome)
    for delivery in found.superseded:
        message = f"{source.uri(delivery.name)} was replaced by a newer delivery of its export"
        tell(
            Outcome(Kind.SUPERSEDED, delivery.name, message, billing_period=delivery.billing_period)
        )
    for number, delivery in enumerate(found.deliveries, start=1):
        if billing_period and delivery.billing_period not in (None, billing_period):
            continue
        say(f"reading {number} of {len(found.deliveries)}: {delivery.name}")
        for outcome in _ingest_one(
            landing, decisions, lake, source, delivery, limits, billing_period, say
        ):
            tell(outcome)
    return IngestReport(source.root, tuple(outcomes))


def new_deliveries(lake: TenantLake, source: Storage, *, limits: Limits) -> tuple[NewDelivery, ...]:
    """Return the deliveries below a source that have not been decided on.

    Raises:
        SourceError: The source cannot be listed.
    """
    found = find_deliveries(source)
    decisions = _decisions(lake, found)
    new = []
    for delivery in found.deliveries:
        if not _standing(decisions, source, delivery):
            periods = _periods(source, delivery, limits)
            marks = decisions.ledger.marks(periods)
            key = "|".join([delivery.load_id, delivery.delivered_at.isoformat(), *marks])
            new.append(NewDelivery(source.root, key, delivery.name, periods))
    return tuple(new)


def _decisions(lake: TenantLake, found: Found, *, take_over: bool = False) -> Decisions:
    together = frozenset(delivery.load_id for delivery in found.deliveries)
    return Decisions(Ledger(lake), together, take_over)


def _standing(decisions: Decisions, source: Storage, delivery: Delivery) -> list[Load]:
    return decisions.standing(delivery.load_id, source.uri(delivery.name), delivery.delivered_at)


def _periods(source: Storage, delivery: Delivery, limits: Limits) -> tuple[str, ...]:
    with TemporaryDirectory() as folder, closing(connect(Path(folder), limits)) as con:
        try:
            with reading(delivery.name):
                return billing_periods(con, source, delivery, Path(folder))
        except IngestionError:
            return ()


def _ingest_one(
    landing: Landing,
    decisions: Decisions,
    lake: TenantLake,
    source: Storage,
    delivery: Delivery,
    limits: Limits,
    billing_period: str | None,
    say: Say,
) -> Iterator[Outcome]:
    decided = _standing(decisions, source, delivery)
    if decided:
        yield _decided_before(decisions, source, delivery, decided)
        return
    with lake.staging() as spool, closing(connect(spool, limits)) as con:
        try:
            with reading(delivery.name):
                staged = stage(con, source, delivery, spool, say)
                broken = structural_rejects(con, staged.tables)
            broken_count = sum(map(len, broken.values()))
            check_row_count(delivery, sum(part.row_count for part in staged.parts), broken_count)
            if not staged.parts and broken_count:
                raise UnreadableFileError(
                    f"{delivery.name} has {broken_count:,} records and none has as many values as "
                    "the header; export it again, nothing was replaced"
                )
            if not staged.parts:
                yield landing.land_empty(con, delivery, staged, spool)
                return
            is_noted = any(p.rejected_row_count or p.noted_row_count for p in staged.parts)
            with reading(delivery.name):
                rejected = rejected_lines(con, staged, broken) if broken or is_noted else []
            yield from landing.land(
                con,
                delivery,
                staged,
                rejected,
                spool,
                broken_count=broken_count,
                billing_period=billing_period,
            )
        except (OtherDatasetError, NoTableError) as error:
            yield Outcome(Kind.SKIPPED, delivery.name, str(error))
        except UnknownFormatError as error:
            is_prose = may_be_prose(delivery.name) and not isinstance(error, LacksColumnsError)
            kind = Kind.SKIPPED if is_prose else Kind.UNRECOGNISED
            yield Outcome(kind, delivery.name, str(error))
        except IngestionError as error:
            words = str(error) if delivery.name in str(error) else f"{delivery.name}: {error}"
            yield Outcome(Kind.FAILED, delivery.name, words, billing_period=delivery.billing_period)


def _decided_before(
    decisions: Decisions, source: Storage, delivery: Delivery, decided: list[Load]
) -> Outcome:
    """Tell of a delivery that lies there again: unchanged, or replaced and yet the newest, maybe.

    Elsewhere than where the later one lay, its content does not tell a repeat of an old delivery
    from a bill restated back to it; nor where it lies in the later one's place and is no newer.
    Where another connection took its place, that may bill less by now.
    """
    uri = source.uri(delivery.name)
    is_written_anew = any(
        delivery.delivered_at > load.delivered_at
        or (rival.source_uri == uri and rival.delivered_at > load.delivered_at)
        for load in decided
        for rival in decisions.rivals(load)
    )
    is_replaced = is_written_anew or any(map(decisions.is_displaced, decided))
    return Outcome(
        Kind.SUPERSEDED if is_replaced else Kind.UNCHANGED,
        delivery.name,
        f"{uri} equals a delivery that a later one replaced; kept the later one. If the provider "
        "went back to it, repeat with --take-over"
        if is_replaced
        else f"{uri} is unchanged",
        billing_period=delivery.billing_period,
        load_id=delivery.load_id,
        byte_count=delivery.byte_count,
        is_open=is_written_anew,
    )
