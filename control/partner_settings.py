"""Budgets and branding of a partner, as the directory keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, delete, select

from control.errors import ChangedMeanwhileError
from control.models import Base, BrandingRow, BudgetRow
from control.store import hold_partner, put, read, table_of, writes

WHOLE_PARTNER = ""


@dataclass(frozen=True)
class Budget:
    """What is meant to be spent in a calendar month.

    Attributes:
        partner_id: Whose budget it is.
        tenant_id: Of which tenant; empty for the whole partner.
        billing_currency: ISO 4217 code of the amount.
        amount: Whole units of the currency.
        changed_by: Who set it.
        changed_at: When; the version that a change has to have seen.
    """

    partner_id: str
    tenant_id: str
    billing_currency: str
    amount: int
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class Branding:
    """How a partner appears to those whom it serves.

    Attributes:
        partner_id: Whose it is.
        name: What it is called; empty for its id.
        contact: How it is reached; may be empty.
        color: Accent as `#rrggbb`; empty for the product's own.
        logo: A PNG as base64; empty for none.
        changed_by: Who set it.
        changed_at: When; the version that a change has to have seen.
    """

    partner_id: str
    name: str
    contact: str
    color: str
    logo: str
    changed_by: str
    changed_at: datetime


class PartnerSettingsRecords:
    """Budgets and branding."""

    _engine: Engine

    def budgets(self, partner_id: str) -> tuple[Budget, ...]:
        """Return a partner's budgets by tenant, that of the whole partner first."""
        return read(self._engine, BudgetRow, Budget, BudgetRow.partner_id == partner_id)

    def put_budget(
        self,
        partner_id: str,
        tenant_id: str,
        billing_currency: str,
        amount: int | None,
        *,
        changed_by: str,
        seen: datetime | None,
    ) -> None:
        """Set a budget; None as the amount takes it away.

        Args:
            partner_id: Whose budget.
            tenant_id: Of which tenant; empty for the whole partner.
            billing_currency: Its currency.
            amount: Whole units of the currency for a month.
            changed_by: Who changes it.
            seen: `changed_at` of the budget that was seen; None where there was none.

        Raises:
            ChangedMeanwhileError: Somebody changed it since it was seen.
            UnknownParentError: The partner does not exist.
        """
        key = {
            "partner_id": partner_id,
            "tenant_id": tenant_id,
            "billing_currency": billing_currency,
        }
        values = None if amount is None else {"amount": amount}
        self._replace(BudgetRow, key, values, changed_by, seen)

    def branding(self, partner_id: str) -> Branding | None:
        """Return how a partner appears; None where it never said."""
        found = read(self._engine, BrandingRow, Branding, BrandingRow.partner_id == partner_id)
        return found[0] if found else None

    def display_name(self, partner_id: str) -> str:
        """Return what a partner is called; its id where it never said."""
        branding = self.branding(partner_id)
        return branding.name if branding and branding.name else partner_id

    def contact(self, partner_id: str) -> str:
        """Return how a partner is reached; empty where it never said."""
        branding = self.branding(partner_id)
        return branding.contact if branding else ""

    def put_branding(
        self,
        partner_id: str,
        values: Mapping[str, str],
        *,
        changed_by: str,
        seen: datetime | None,
    ) -> None:
        """Set how a partner appears: `name`, `contact`, `color` and `logo`.

        Raises:
            ChangedMeanwhileError: Somebody changed it since it was seen.
            UnknownParentError: The partner does not exist.
        """
        self._replace(BrandingRow, {"partner_id": partner_id}, values, changed_by, seen)

    def _replace(
        self,
        row: type[Base],
        key: Mapping[str, str],
        values: Mapping[str, Any] | None,
        changed_by: str,
        seen: datetime | None,
    ) -> None:
        table = table_of(row)
        is_row = [table.c[name] == value for name, value in key.items()]
        with writes(self._engine, parent=f"partner {key['partner_id']}") as transaction:
            hold_partner(transaction, key["partner_id"])
            query = select(table.c.changed_at, table.c.changed_by).where(*is_row)
            held = transaction.execute(query).one_or_none()
            if (held and held.changed_at) != seen:
                who = held.changed_by if held else "somebody"
                raise ChangedMeanwhileError(
                    f"{who} changed it after this page was drawn; nothing was changed. Look again"
                )
            if values is None:
                transaction.execute(delete(table).where(*is_row))
                return
            stamp = {"changed_by": changed_by, "changed_at": datetime.now(UTC)}
            put(transaction, row, {**key, **values, **stamp}, kept=())
