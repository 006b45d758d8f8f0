"""The record of builds and publications: how far each partner's marts are, for whoever waits."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, and_, exists, select, update

from control import records
from control.models import MartsStateRow, PartnerRow, ScanRow
from control.scan_states import SILENT_AFTER, ScanState
from control.scoping import across_partners
from control.store import put, read, translated, writes


class MartsStage(StrEnum):
    """How far the last build of a partner's marts is."""

    BUILDING = "building"
    BUILT = "built"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"


_AT_WORK = (MartsStage.BUILDING.value, MartsStage.PUBLISHING.value)
_LOOKED_BACK = timedelta(days=1)
"""Older scans that no build has seen were left so on purpose, or before this was recorded."""
_LANDED = (ScanState.COMPLETE.value, ScanState.PARTIAL.value, ScanState.FAILED.value)


class MartsRecords:
    """How far marts are; whoever builds or publishes records it."""

    _engine: Engine

    def marts_state(self, partner_id: str) -> records.MartsState | None:
        """Return how far a partner's marts are; None before the first build."""
        whose = MartsStateRow.partner_id == partner_id
        return next(iter(read(self._engine, MartsStateRow, records.MartsState, whose)), None)

    def begin_build(self, partner_id: str) -> None:
        """Record that a build begins; a partner that does not exist has no record."""
        now = datetime.now(UTC)
        begun = records.MartsState(partner_id, MartsStage.BUILDING.value, now, now, None, None, "")
        with writes(self._engine) as transaction:
            known = select(PartnerRow.partner_id).where(PartnerRow.partner_id == partner_id)
            if transaction.execute(known).first() is not None:
                kept = {"built_from", "published_from"}
                put(transaction, MartsStateRow, vars(begun), kept=kept)

    def end_build(self, partner_id: str) -> None:
        """Record that the build succeeded."""
        self._change_marts(
            partner_id,
            MartsStage.BUILDING,
            stage=MartsStage.BUILT.value,
            built_from=MartsStateRow.started_at,
        )

    def begin_publication(self, partner_id: str) -> None:
        """Record that what was built is being published."""
        self._change_marts(
            partner_id,
            MartsStage.BUILT,
            MartsStage.PUBLISHED,
            MartsStage.FAILED,
            is_built=True,
            stage=MartsStage.PUBLISHING.value,
            message="",
        )

    def end_publication(self, partner_id: str) -> None:
        """Record that what was built is served."""
        self._change_marts(
            partner_id,
            MartsStage.PUBLISHING,
            stage=MartsStage.PUBLISHED.value,
            published_from=MartsStateRow.built_from,
        )

    def fail_marts(self, partner_id: str, message: str) -> None:
        """Record that what was under way failed, and why."""
        self._change_marts(
            partner_id,
            MartsStage.BUILDING,
            MartsStage.PUBLISHING,
            stage=MartsStage.FAILED.value,
            message=message,
        )

    def keep_marts_alive(self, partner_id: str) -> None:
        """Record that whoever builds or publishes is at it."""
        self._change_marts(partner_id, MartsStage.BUILDING, MartsStage.PUBLISHING)

    @across_partners
    def partners_to_publish(self, now: datetime) -> list[str]:
        """Return the partners of whom a scan ended that no build has seen, by name.

        Where a build failed, the next scan tries again; where its worker died, this does.
        """
        is_seen = exists().where(
            MartsStateRow.partner_id == ScanRow.partner_id,
            MartsStateRow.started_at >= ScanRow.finished_at,
            ~and_(MartsStateRow.stage.in_(_AT_WORK), MartsStateRow.alive_at < now - SILENT_AFTER),
        )
        waiting = (
            select(ScanRow.partner_id)
            .join(PartnerRow, PartnerRow.partner_id == ScanRow.partner_id)
            .where(
                ScanRow.status.in_(_LANDED),
                ScanRow.started_at.is_not(None),
                ScanRow.finished_at >= now - _LOOKED_BACK,
                PartnerRow.restricted_at.is_(None),
                ~is_seen,
            )
            .distinct()
            .order_by(ScanRow.partner_id)
        )
        with translated(self._engine), self._engine.begin() as transaction:
            return list(transaction.execute(waiting).scalars())

    def _change_marts(
        self, partner_id: str, *stages: MartsStage, is_built: bool = False, **values: Any
    ) -> None:
        """Change the record, given that it is in one of some stages, and give a sign of life."""
        conditions = [
            MartsStateRow.partner_id == partner_id,
            MartsStateRow.stage.in_([stage.value for stage in stages]),
        ]
        if is_built:
            conditions.append(MartsStateRow.built_from == MartsStateRow.started_at)
        change = update(MartsStateRow).where(*conditions)
        with writes(self._engine) as transaction:
            transaction.execute(change.values(alive_at=datetime.now(UTC), **values))
