"""What admins set for their partner: permitted, checked, done and logged, in this order."""

import re
from dataclasses import dataclass

from control.directory import Directory
from control.errors import InvalidInputError, UnknownParentError
from control.logo import clean_logo
from control.partner_settings import WHOLE_PARTNER, Branding, Budget
from control.permission import Actor, log, require
from control.roles import Action

LARGEST_AMOUNT = 10**12
LONGEST_NAME, LONGEST_CONTACT = 80, 200
_CURRENCY = re.compile(r"[A-Z]{3}")
_COLOR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Appearance:
    """How a partner is to appear.

    Attributes:
        name: What it is called; empty for its id.
        contact: How it is reached.
        color: Accent as `#rrggbb`; empty for the product's own.
        logo: A PNG or JPEG file; empty for none; None keeps what there is.
    """

    name: str
    contact: str
    color: str
    logo: bytes | None = None


def set_budget(
    directory: Directory,
    actor: Actor,
    tenant_id: str,
    currency: str,
    amount: int,
    seen: Budget | None = None,
) -> None:
    """Set what a tenant, or with an empty tenant the partner, means to spend in a month.

    Raises:
        NotPermittedError: The actor may not.
        InvalidInputError: It is no currency or amount.
        UnknownParentError: There is no such tenant.
        ChangedMeanwhileError: Somebody changed it since it was seen.
    """
    require(directory, actor, Action.SET_PARTNER, f"budget {tenant_id}")
    code = currency.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise InvalidInputError(f"{currency} is no currency: write its code, such as EUR")
    if not 0 < amount <= LARGEST_AMOUNT:
        raise InvalidInputError(
            f"a budget is between 1 and {LARGEST_AMOUNT:,} {code} a month, not {amount:,}"
        )
    known = {tenant.tenant_id for tenant in directory.tenants(actor.partner_id)}
    if tenant_id != WHOLE_PARTNER and tenant_id not in known:
        raise UnknownParentError(f"tenant {tenant_id} of partner {actor.partner_id} does not exist")
    directory.put_budget(
        actor.partner_id,
        tenant_id,
        code,
        amount,
        changed_by=actor.name,
        seen=seen.changed_at if seen else None,
    )
    log(directory, actor, "set budget", code, tenant_id=tenant_id, detail=f"{amount:,} a month")


def remove_budget(directory: Directory, actor: Actor, budget: Budget) -> None:
    """Take a budget away.

    Raises:
        NotPermittedError: The actor may not.
        ChangedMeanwhileError: Somebody changed it since it was seen.
    """
    require(directory, actor, Action.SET_PARTNER, f"budget {budget.tenant_id}")
    directory.put_budget(
        actor.partner_id,
        budget.tenant_id,
        budget.billing_currency,
        None,
        changed_by=actor.name,
        seen=budget.changed_at,
    )
    log(directory, actor, "remove budget", budget.billing_currency, tenant_id=budget.tenant_id)


def set_branding(
    directory: Directory, actor: Actor, appearance: Appearance, seen: Branding | None
) -> None:
    """Set how the partner appears.

    Raises:
        NotPermittedError: The actor may not.
        InvalidInputError: A text is too long, or color or logo are none.
        ChangedMeanwhileError: Somebody changed it since it was seen.
    """
    require(directory, actor, Action.SET_PARTNER, "branding")
    name = _line("name", appearance.name, LONGEST_NAME)
    contact = _line("contact", appearance.contact, LONGEST_CONTACT)
    color = appearance.color.strip().lower()
    if color and not _COLOR.fullmatch(color):
        raise InvalidInputError(f"{appearance.color} is no color: write it like #1f6feb")
    if appearance.logo is None:
        logo = seen.logo if seen else ""
    else:
        logo = clean_logo(appearance.logo) if appearance.logo else ""
    directory.put_branding(
        actor.partner_id,
        {"name": name, "contact": contact, "color": color, "logo": logo},
        changed_by=actor.name,
        seen=seen.changed_at if seen else None,
    )
    log(directory, actor, "set branding", name)


def _line(what: str, text: str, longest: int) -> str:
    """Return a text as one line without control characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(line) > longest:
        raise InvalidInputError(
            f"the {what} has {len(line)} characters; at most {longest} have room"
        )
    return line
