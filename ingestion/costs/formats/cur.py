"""AWS Cost and Usage Report: legacy, legacy with Athena's names, and CUR 2.0."""

from ingestion.costs.fields import Column, Columns, amount, currency, instant, text
from ingestion.costs.formats import tags
from ingestion.costs.formats.model import Family

_MAP = ("MAP", "STRUCT")
_IN_PRODUCT = ("product_name", "region")
_CATEGORIES = (
    "identity_",
    "bill_",
    "line",
    "product",
    "pricing_",
    "reservation_",
    "savings",
    "resource",
    "cost",
    "discount",
    "split",
    "capacity",
)


def _variant(columns: Columns) -> str:
    if any("/" in column.name for column in columns.all):
        return "cur_legacy"
    return "cur_2_0" if columns.find(("resourcetags",)) else "cur_legacy_athena"


def _tags(columns: Columns) -> tags.Tags:
    if columns.find(("resourcetags",)):
        return tags.from_json(columns, "resourcetags", prefixes=("user:", "user_"))
    return tags.from_columns(columns)


def _derived(columns: Columns) -> dict[str, str]:
    """CUR 2.0 keeps in a map of the product what legacy has columns for."""
    return {
        name: _entry(column, name)
        for column in columns.find(("product",))
        for name in _IN_PRODUCT
        if not column.dtype.startswith("STRUCT") or f"{name} " in column.dtype
    }


def _entry(column: Column, name: str) -> str:
    if column.dtype.startswith(_MAP):
        return f"cast({column.sql}['{name}'] as varchar)"
    return f"try_cast({column.sql} as json) ->> '$.{name}'"


def _is_known(name: str) -> bool:
    return name.replace("/", "_").lower().startswith(_CATEGORIES)


CUR = Family(
    name="cur",
    label="AWS Cost and Usage Report",
    required=(("lineitemlineitemtype",), ("lineitemunblendedcost",), ("billpayeraccountid",)),
    fields=(
        text("line_item_type", "lineitemlineitemtype"),
        text("invoice_id", "billinvoiceid"),
        text("invoicing_entity", "billinvoicingentity"),
        text("payer_account_id", "billpayeraccountid"),
        text("payer_account_name", "billpayeraccountname"),
        instant("billing_start", "billbillingperiodstartdate"),
        instant("billing_end", "billbillingperiodenddate"),
        text("usage_account_id", "lineitemusageaccountid"),
        text("usage_account_name", "lineitemusageaccountname"),
        instant("usage_start", "lineitemusagestartdate"),
        instant("usage_end", "lineitemusageenddate"),
        text("product_code", "lineitemproductcode"),
        text("usage_type", "lineitemusagetype"),
        text("operation", "lineitemoperation"),
        text("availability_zone", "lineitemavailabilityzone"),
        text("resource_id", "lineitemresourceid"),
        currency("billing_currency", "lineitemcurrencycode"),
        text("description", "lineitemlineitemdescription"),
        text("legal_entity", "lineitemlegalentity"),
        amount("usage_amount", "lineitemusageamount"),
        amount("unblended_cost", "lineitemunblendedcost", is_required=True),
        amount("net_unblended_cost", "lineitemnetunblendedcost"),
        text("product_name", "productproductname"),
        text("product_family", "productproductfamily"),
        text("region", "productregioncode", "productregion"),
        text("sku", "productsku"),
        text("rate_code", "pricingratecode"),
        text("rate_id", "pricingrateid"),
        text("pricing_unit", "pricingunit"),
        text("pricing_currency", "pricingcurrency"),
        amount("public_on_demand_cost", "pricingpublicondemandcost"),
        amount("public_on_demand_rate", "pricingpublicondemandrate"),
        text("ri_arn", "reservationreservationarn"),
        text("ri_subscription_id", "reservationsubscriptionid"),
        amount("ri_effective_cost", "reservationeffectivecost"),
        amount("ri_net_effective_cost", "reservationneteffectivecost"),
        amount("ri_unused_upfront", "reservationunusedamortizedupfrontfeeforbillingperiod"),
        amount("ri_net_unused_upfront", "reservationnetunusedamortizedupfrontfeeforbillingperiod"),
        amount("ri_unused_recurring", "reservationunusedrecurringfee"),
        amount("ri_net_unused_recurring", "reservationnetunusedrecurringfee"),
        text("sp_arn", "savingsplansavingsplanarn"),
        amount("sp_effective_cost", "savingsplansavingsplaneffectivecost"),
        amount("sp_net_effective_cost", "savingsplannetsavingsplaneffectivecost"),
        amount("sp_total_commitment", "savingsplantotalcommitmenttodate"),
        amount("sp_used_commitment", "savingsplanusedcommitment"),
    ),
    variant=_variant,
    tags=_tags,
    expected=(("public_on_demand_cost", "list cost is unknown"),),
    is_known=_is_known,
    words={
        "billing_account_type": ("Payer Account",),
        "charge_category": ("Usage", "Tax", "Credit", "Purchase"),
        "charge_class": ("Correction",),
        "charge_frequency": ("Usage-Based", "Recurring", "One-Time"),
        "commitment_discount_category": ("Spend", "Usage"),
        "commitment_discount_status": ("Used", "Unused"),
        "commitment_discount_type": ("Savings Plan", "Reserved Instance"),
        "pricing_category": ("Committed", "Standard", "Dynamic"),
        "provider_name": ("AWS",),
        "sub_account_type": ("Linked Account",),
        "x_provider": ("aws",),
        "x_dataset": ("cur",),
    },
    derived=_derived,
)
