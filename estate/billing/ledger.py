"""Keeps the books of a billing scope: any month's bill, as it was known on any day."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from estate.billing import aws, azure
from estate.billing.charges import Bill, Charge
from estate.model import BillingScope
from estate.world import Calendar, month_end

_INVOICE_DAYS = timedelta(days=4)
CORRECTION_DAYS = timedelta(days=11)
_PART_OF_LAST_DAY = Decimal("0.4")
_WHOLE = Decimal(1)


@dataclass
class Ledger:
    """The charges of one billing scope; complete days are computed once."""

    scope: BillingScope
    days: Calendar
    _known: dict[tuple[date, bool], tuple[Charge, ...]] = field(default_factory=dict)

    def bill(self, period: date, as_of: date) -> Bill:
        """Return a month's bill as known at the end of a day.

        Args:
            period: First day of the month.
            as_of: Last day that was metered; later than the month for a closed one.
        """
        end = month_end(period)
        is_corrected = self._is_restated(period) and as_of >= end + CORRECTION_DAYS
        daily: list[Charge] = []
        day = period
        while day < end and day <= as_of:
            daily.extend(self._day(day, is_partial=day == as_of, is_corrected=is_corrected))
            day += timedelta(days=1)
        charges = [*daily, *self._monthly(period, end, as_of, daily, is_corrected=is_corrected)]
        return Bill(self.scope, period, end, as_of, as_of >= end + _INVOICE_DAYS, tuple(charges))

    def _is_restated(self, period: date) -> bool:
        periods = self.days.periods
        return "restated" in self.scope.terms.traits and periods[-3:-2] == (period,)

    def _day(self, day: date, *, is_partial: bool, is_corrected: bool) -> tuple[Charge, ...]:
        if is_partial:
            return self._made(day, _PART_OF_LAST_DAY, is_corrected=is_corrected)
        key = (day, is_corrected)
        if key not in self._known:
            self._known[key] = self._made(day, _WHOLE, is_corrected=is_corrected)
        return self._known[key]

    def _made(self, day: date, fraction: Decimal, *, is_corrected: bool) -> tuple[Charge, ...]:
        if self.scope.provider == "aws":
            return tuple(aws.day_charges(self.scope, day, fraction))
        return tuple(azure.day_charges(self.scope, day, fraction, is_rerated=is_corrected))

    def _monthly(
        self, period: date, end: date, as_of: date, daily: list[Charge], *, is_corrected: bool
    ) -> list[Charge]:
        found: list[Charge | None] = []
        has_refund = (
            "refunds" in self.scope.terms.traits
            and self.days.periods[1:2] == (period,)
            and as_of >= period.replace(day=20)
        )
        if self.scope.provider == "aws":
            found.extend(aws.month_charges(self.scope, period, end, as_of, daily))
            found.append(aws.refund(self.scope, period) if has_refund else None)
            found.append(aws.correction(self.scope, end, daily) if is_corrected else None)
        else:
            found.extend(azure.month_charges(self.scope, period, end, as_of))
            found.append(azure.refund(self.scope, period) if has_refund else None)
        return [charge for charge in found if charge is not None]
