"""Recognises an export by its columns, whatever its file is called."""

from ingestion.costs.fields import Columns
from ingestion.costs.formats.azure import AZURE
from ingestion.costs.formats.cur import CUR
from ingestion.costs.formats.focus import FOCUS
from ingestion.costs.formats.model import Family
from ingestion.errors import UnknownFormatError

FAMILIES = (FOCUS, CUR, AZURE)
_SIMILAR = 0.4
_OTHER_DATASETS = {
    "reservation recommendations": {"recommendedquantity", "costwithnoreservedinstances"},
    "a price sheet": {"meterid", "unitprice", "includedquantity"},
    "reservation details": {"reservationid", "usedhours", "reservedhours"},
    "cost optimization recommendations": {
        "recommendationid",
        "estimatedmonthlysavingsaftersdiscount",
    },
}


class OtherDatasetError(UnknownFormatError):
    """A provider's export of another kind, which holds no cost lines."""


class LacksColumnsError(UnknownFormatError):
    """A table that looks like an export of costs, without columns that it needs."""


def recognise(name: str, columns: Columns) -> Family:
    """Return the family of a table.

    Raises:
        OtherDatasetError: It is a known export without cost lines.
        LacksColumnsError: It is nearly one; the message names the columns.
        UnknownFormatError: It is none.
    """
    for family in FAMILIES:
        if not family.missing(columns):
            return family
    for label, keys in _OTHER_DATASETS.items():
        if keys <= columns.keys:
            raise OtherDatasetError(f"{name} holds {label}, no cost lines; skipped")
    closest = max(FAMILIES, key=lambda family: family.likeness(columns))
    if closest.likeness(columns) >= _SIMILAR:
        raise LacksColumnsError(
            f"{name} looks like a {closest.label} export but lacks the column"
            f" {', '.join(closest.missing(columns))}; add it to the export and deliver again"
        )
    raise UnknownFormatError(
        f"{name} is no cost export we know (FOCUS, AWS CUR, Azure actual or amortized cost); "
        "skipped"
    )
