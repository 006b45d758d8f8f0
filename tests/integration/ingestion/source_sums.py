"""The four costs of an export by an independent reader: the language's csv and Decimal alone.

It shares nothing with the product: rules are read from the providers' documents again, a row at a
time.
"""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

ZERO = Decimal(0)
Row = Mapping[str, str]
Sums = tuple[Decimal, Decimal, Decimal, Decimal]


def rows_of(path: Path) -> Iterator[Row]:
    """Yield the records of a CSV file, gzip or zip."""
    with path.open("rb") as raw:
        if path.suffix == ".gz":
            content = gzip.decompress(raw.read())
        elif path.suffix == ".zip":
            with zipfile.ZipFile(raw) as archive:
                content = archive.read(archive.namelist()[0])
        else:
            content = raw.read()
    yield from csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))


def number(text: str | None) -> Decimal:
    """Return a cell as a number; what is none counts nothing."""
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return ZERO
    return value if value.is_finite() else ZERO


def focus(rows: Iterable[Row]) -> Sums:
    """FOCUS states all four."""
    return _sums(tuple(number(row.get(name)) for name in _FOCUS) for row in rows)


_FOCUS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")


def cur(rows: Iterable[Row]) -> Sums:
    """AWS Cost and Usage Report, legacy or Athena names."""
    return _sums(_cur_row({_plain(name): value for name, value in row.items()}) for row in rows)


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _cur_row(row: Row) -> Sums:
    kind = row.get("lineitemlineitemtype", "")
    invoiced = number(row.get("lineitemnetunblendedcost") or row.get("lineitemunblendedcost"))
    public = number(row.get("pricingpublicondemandcost"))
    if kind == "SavingsPlanCoveredUsage":
        effective = number(row.get("savingsplansavingsplaneffectivecost"))
        return ZERO, effective, public, number(row.get("lineitemunblendedcost"))
    if kind == "SavingsPlanNegation":
        return ZERO, ZERO, ZERO, ZERO
    if kind == "SavingsPlanRecurringFee":
        total = row.get("savingsplantotalcommitmenttodate")
        unused = number(total) - number(row.get("savingsplanusedcommitment")) if total else ZERO
        return invoiced, unused, public, invoiced
    if kind == "DiscountedUsage":
        return invoiced, number(row.get("reservationeffectivecost")), public, public
    return invoiced, invoiced, public, invoiced


def azure_actual(rows: Iterable[Row]) -> Sums:
    """Azure actual cost on its own: list and contracted cost are quantity times price."""
    return _sums(_azure_row({_plain(name): value for name, value in row.items()}) for row in rows)


def _azure_row(row: Row) -> Sums:
    cost = number(row.get("costinbillingcurrency") or row.get("cost") or row.get("pretaxcost"))
    quantity = number(row.get("quantity") or row.get("usagequantity"))
    paid = number(row.get("effectiveprice") or row.get("resourcerate"))
    is_commitment = row.get("pricingmodel") in {"Reservation", "SavingsPlan"}
    is_purchase = row.get("chargetype") in {"Purchase", "Refund"}
    billed = ZERO if is_commitment and not is_purchase else cost
    effective = ZERO if is_commitment else cost
    costs = []
    for name in ("paygprice", "unitprice"):
        price = number(row.get(name))
        # a price written like the one that made the cost makes that cost, digit by digit
        costs.append(cost if row.get(name) and price == paid else price * quantity)
    return billed, effective, costs[0], costs[1]


def _sums(rows: Iterable[tuple[Decimal, ...]]) -> Sums:
    totals = [ZERO] * 4
    for row in rows:
        totals = [total + value for total, value in zip(totals, row, strict=True)]
    return totals[0], totals[1], totals[2], totals[3]
