"""What the findings page shows, as its address says it: read, checked and written in one place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from apps.dashboard.finding_fields import DEFAULT_ORDER, ORDERS, is_field
from apps.dashboard.params import Filters, Params, checked, filters_of, one, with_filter

FINDING_PARAM = "finding"
_OWN_PARAMS = ("by", "sort", "page", "min", "q")


@dataclass(frozen=True)
class FindingView:
    """Everything that the findings page shows, but the partner.

    Attributes:
        filters: Permitted values by field or `tag:<key>`, sorted; `""` stands for no value.
        text: Words that must stand in a finding, in whatever case.
        minimum: Least estimated savings per month, in the finding's own currency.
        by: Field or `tag:<key>` to group by, or nothing.
        sort: Which of `ORDERS`.
        page: Page of the list, from 1.
    """

    filters: Filters = ()
    text: str = ""
    minimum: Decimal | None = None
    by: str = ""
    sort: str = DEFAULT_ORDER
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether anything keeps a finding out of the list."""
        return bool(self.filters or self.text or self.minimum is not None)

    def values(self, key: str) -> tuple[str, ...]:
        """Return the values that one field is filtered to."""
        return dict(self.filters).get(key, ())

    def filtered(self, key: str, values: Sequence[str]) -> "FindingView":
        """Return the view with one filter replaced, at its first page."""
        return replace(self, filters=with_filter(self.filters, key, values), page=1)

    def drilled(self, value: str) -> "FindingView":
        """Return the view of one group alone, grouped no more."""
        return replace(self.filtered(self.by, (value,)), by="")

    def without_filters(self) -> "FindingView":
        """Return the view of every finding, grouped and sorted as before."""
        return FindingView(by=self.by, sort=self.sort)


@dataclass(frozen=True)
class Read:
    """A view read from an address, and the parts of the address that say nothing."""

    view: FindingView
    ignored: tuple[str, ...]


def read_finding_view(params: Params) -> Read:
    """Return the view that an address asks for; what it cannot mean falls back and is named."""
    view = FindingView(
        filters=filters_of(params, is_field),
        text=one(params, "q").strip(),
        minimum=_amount(one(params, "min")),
        by=checked(params, "by", "", is_field),
        sort=checked(params, "sort", DEFAULT_ORDER, ORDERS.__contains__),
        page=int(checked(params, "page", "1", _is_page)),
    )
    said = {
        "by": view.by,
        "sort": view.sort,
        "page": str(view.page),
        "min": "" if view.minimum is None else one(params, "min"),
    }
    ignored = [name for name, value in said.items() if one(params, name) not in ("", value)]
    ignored += [
        name for name in params if name not in (*_OWN_PARAMS, FINDING_PARAM) and not is_field(name)
    ]
    return Read(view, tuple(ignored))


def write_finding_view(view: FindingView) -> dict[str, list[str]]:
    """Return the parameters of the address that restores a view; defaults are left out."""
    plain = FindingView()
    params = {
        name: [value]
        for name, value, default in (
            ("q", view.text, plain.text),
            ("min", "" if view.minimum is None else f"{view.minimum:f}", ""),
            ("by", view.by, plain.by),
            ("sort", view.sort, plain.sort),
            ("page", str(view.page), str(plain.page)),
        )
        if value != default
    }
    return params | {key: list(values) for key, values in view.filters}


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < Decimal("1e15") else None


def _is_page(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) < 100_000
