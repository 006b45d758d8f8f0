"""FOCUS 1.0, 1.1 and 1.2, in AWS's, Azure's and anyone's flavour."""

from ingestion.costs.fields import Columns, Field, amount, currency, key, text
from ingestion.costs.formats import tags
from ingestion.costs.formats.model import Family
from ingestion.costs.schema import AMOUNT, COST_LINES, INSTANT

_ADDED_IN_1_2 = frozenset({"invoiceid", "pricingcurrency", "billingaccounttype", "subaccounttype"})
_ADDED_IN_1_1 = frozenset(
    {"servicesubcategory", "skumeter", "skupricedetails", "capacityreservationid"}
)
_KINDS = {AMOUNT: "amount", INSTANT: "instant"}


def _variant(columns: Columns) -> str:
    if columns.keys & _ADDED_IN_1_2:
        return "focus_1_2"
    return "focus_1_1" if columns.keys & _ADDED_IN_1_1 else "focus_1_0"


_DECLARED_APART = {"tags", "billed_cost", "billing_currency"}
_STANDARD = tuple(
    Field(column.name, _KINDS.get(column.dtype, "text"), (key(column.name),))
    for column in COST_LINES
    if not column.name.startswith("x_") and column.name not in _DECLARED_APART
)

FOCUS = Family(
    name="focus",
    label="FOCUS",
    required=(("billedcost",), ("chargecategory",), ("chargeperiodstart",)),
    fields=(
        amount("billed_cost", "billedcost", is_required=True),
        currency("billing_currency"),
        *_STANDARD,
        text("billing_profile_id", "xbillingprofileid"),
        text("x_service_code", "xservicecode"),
        text("x_usage_type", "xusagetype"),
        text("x_operation", "xoperation"),
        text("x_resource_group", "xresourcegroupname"),
        text("x_meter_category", "xskumetercategory"),
        text("x_meter_subcategory", "xskumetersubcategory"),
        text("x_meter_name", "xskumetername"),
        text("x_cost_center", "xcostcenter"),
    ),
    variant=_variant,
    tags=lambda columns: tags.from_json(columns, "tags"),
    expected=(
        ("effective_cost", "effective cost is unknown"),
        ("list_cost", "list cost is unknown"),
        ("contracted_cost", "contracted cost is unknown"),
    ),
    words={"x_provider": ("aws", "azure", "other"), "x_dataset": ("focus",)},
    is_known=lambda name: key(name) == "tags" or name.lower().startswith("x_"),
)
