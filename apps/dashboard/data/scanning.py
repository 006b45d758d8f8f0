"""The record of scans from the control database, and what is asked of whoever does them.

Nothing here reaches a cloud or starts anything: a request is a row that a worker takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from apps.dashboard.directory import open_directory
from apps.dashboard.identity import Person
from apps.dashboard.scan_course import Course, courses_of
from apps.dashboard.sign_in.admission import as_held
from control import records
from control.errors import ControlError, NotPermittedError
from control.permission import log, require
from control.roles import Action
from control.scans import ScanFilter
from pipeline.scan_problems import Reason, reasons_of
from pipeline.settings import Settings

_RECENT = timedelta(minutes=10)
"""How long a scan that ended is shown among those under way."""


@dataclass(frozen=True)
class Asked:
    """What came of asking for several tenants' scans.

    Attributes:
        tenants: Those of whom scans wait now.
        refusals: Why the others were not asked for, a sentence each.
    """

    tenants: tuple[str, ...]
    refusals: tuple[str, ...]


class Scanning:
    """Scans of one partner, as far as one person may see and ask for them.

    Args:
        settings: Where state lies.
        person: Who looks.

    Raises:
        NotPermittedError: The person's role may not see how data stands.
        RestrictedError: The partner may not be processed.
    """

    def __init__(self, settings: Settings, person: Person) -> None:
        self._directory = open_directory(settings.control)
        self._person = person
        require(self._directory, person.as_actor, Action.SEE_HEALTH, "Scans")

    @property
    def _now(self) -> Person:
        """The person as it is by now, for a page stands open; who may not enter sees no tenant."""
        return as_held(self._directory, self._person) or replace(self._person, tenants=frozenset())

    def tenants(self) -> list[str]:
        """Return the tenants with a connected cloud that the person sees, by name."""
        person = self._now
        found = self._directory.accesses(person.partner_id)
        return sorted({a.tenant_id for a in found if person.sees(a.tenant_id)})

    def known_tenants(self) -> list[str]:
        """Return the tenants that the person sees, connected or not, by name."""
        person = self._now
        found = self._directory.tenants(person.partner_id)
        return [t.tenant_id for t in found if person.sees(t.tenant_id)]

    def ask(self, tenant_id: str) -> int:
        """Ask for a scan of each connection of a tenant; return how many wait now.

        Raises:
            NotPermittedError: The person may not scan, or not see the tenant; it is logged.
            RestrictedError: The partner or the tenant may not be processed.
            ScanUnderWayError: One waits or runs already.
            UnknownParentError: Nothing of the tenant is connected.
        """
        self._require(tenant_id)
        partner_id = self._person.partner_id
        scan_ids = self._directory.ask_for_scans(
            partner_id,
            tenant_id,
            requested_by=self._person.actor,
            member_id=self._person.member_id,
        )
        self._log(tenant_id, "asked for")
        return len(scan_ids)

    def ask_all(self) -> Asked:
        """Ask for scans of every tenant that the person sees; one that is refused stops no other.

        Raises:
            NotPermittedError: The person may not scan; it is logged.
        """
        require(self._directory, self._person.as_actor, Action.SCAN, "all tenants")
        asked, refusals = [], []
        for tenant_id in self.tenants():
            try:
                self.ask(tenant_id)
            except NotPermittedError:
                raise
            except ControlError as error:
                refusals.append(str(error))
            else:
                asked.append(tenant_id)
        return Asked(tuple(asked), tuple(refusals))

    def cancel(self, tenant_id: str) -> int:
        """Cancel a tenant's scans that wait; return how many. One that runs goes on.

        Raises:
            NotPermittedError: The person may not scan, or not see the tenant; it is logged.
        """
        self._require(tenant_id)
        count = self._directory.cancel_scans(
            self._person.partner_id, tenant_id, cancelled_by=self._person.actor
        )
        if count:
            self._log(tenant_id, "cancelled")
        return count

    def courses(self) -> list[Course]:
        """Return how far the scans are that wait, run, or ended a while ago, per tenant."""
        now, person = datetime.now(UTC), self._now
        partner_id = person.partner_id
        self._directory.interrupt_silent_scans(partner_id, now)
        recent = self._directory.recent_scans(partner_id, now - _RECENT)
        seen = [scan for scan in recent if person.sees(scan.tenant_id)]
        return courses_of(seen, self._marts_state(person), now)

    def history(
        self, tenant_id: str, statuses: Sequence[str], limit: int
    ) -> tuple[tuple[records.Scan, ...], int]:
        """Return the newest scans, and how many there are in all.

        Args:
            tenant_id: Of this tenant; empty for all that the person sees.
            statuses: In these states; empty for all.
            limit: How many are returned at most.
        """
        person = self._now
        partner_id, tenants = person.partner_id, person.tenants
        if tenant_id:
            tenants = frozenset({tenant_id} if person.sees(tenant_id) else ())
        wanted = ScanFilter(tenants, tuple(statuses) or None)
        found = self._directory.search_scans(partner_id, wanted, limit=limit)
        return found, self._directory.count_scans(partner_id, wanted)

    def unread_counts(self, scans: Sequence[records.Scan]) -> dict[str, int]:
        """Return how many places each of some scans could not read, if any, by scan."""
        scan_ids = [scan.scan_id for scan in scans]
        return self._directory.count_problems(self._person.partner_id, scan_ids)

    def scan(self, scan_id: str) -> records.Scan | None:
        """Return one scan, if the person may see it."""
        found = self._directory.scan(self._person.partner_id, scan_id)
        return found if found and self._now.sees(found.tenant_id) else None

    def reasons(self, scan: records.Scan) -> list[Reason]:
        """Return why a scan could not read everything, each reason once."""
        return reasons_of(self._directory.scan_problems(scan.partner_id, scan.scan_id))

    def _marts_state(self, person: Person) -> records.MartsState | None:
        """Return how far the marts are; why they failed may name tenants that stay unseen."""
        state = self._directory.marts_state(person.partner_id)
        if state is None or not state.message or person.tenants is None:
            return state
        return replace(state, message="whoever sees all tenants is told why")

    def _require(self, tenant_id: str) -> None:
        actor = self._person.as_actor
        require(self._directory, actor, Action.SCAN, tenant_id, tenant_id=tenant_id)

    def _log(self, tenant_id: str, detail: str) -> None:
        log(
            self._directory,
            self._person.as_actor,
            Action.SCAN,
            tenant_id,
            tenant_id=tenant_id,
            detail=detail,
        )
