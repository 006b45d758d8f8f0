"""Azure Cost Management: actual and amortized cost, of EA, MCA and pay-as-you-go accounts."""

from ingestion.costs.fields import Columns, amount, currency, instant, key, text
from ingestion.costs.formats import tags
from ingestion.costs.formats.model import Family

_NOT_READ = frozenset(
    # One word a column; a list would take forty lines.
    """
    accountname accountowneremail accountownerid additionalinfo costallocationrulename
    costinpricingcurrency costinusd customername customertenantid departmentname enrollmentnumber
    exchangeratedate invoicesection invoicesectionid invoicesectionname isazurecrediteligible
    meterregion offerid partnumber paygcostinusd planname previousinvoiceid productorderid
    productordername provider publisherid publishertype resellermpnid resellername resourcetype
    servicefamily serviceinfo1 serviceinfo2 serviceperiodenddate serviceperiodstartdate servicetier
    tags term
    """.split()  # noqa: SIM905
)


def _variant(columns: Columns) -> str:
    if columns.find(("subscriptionguid",)):
        return "azure_payg"
    return "azure_mca" if is_mca(columns) else "azure_ea"


def is_mca(columns: Columns) -> bool:
    """Return whether the export is of a Microsoft Customer Agreement."""
    return bool(columns.find(("costinbillingcurrency",)) and columns.find(("pricingcurrency",)))


AZURE = Family(
    name="azure",
    label="Azure cost export",
    required=(
        ("cost", "costinbillingcurrency", "pretaxcost"),
        ("metercategory",),
        ("date", "usagedatetime"),
    ),
    fields=(
        text("billing_account_id"),
        text("billing_account_name"),
        text("billing_profile_id"),
        text("billing_profile_name"),
        instant("billing_start", "billingperiodstartdate"),
        instant("billing_end", "billingperiodenddate"),
        text("subscription_id", "subscriptionid", "subscriptionguid"),
        text("subscription_name"),
        instant("charge_date", "date", "usagedatetime"),
        text("product_name", "productname", "product"),
        text("product_id"),
        text("meter_id"),
        text("meter_category"),
        text("meter_subcategory"),
        text("meter_name"),
        amount("quantity", "quantity", "usagequantity"),
        text("unit_of_measure"),
        amount("cost", "costinbillingcurrency", "cost", "pretaxcost", is_required=True),
        amount("effective_price", "effectiveprice", "resourcerate"),
        amount("unit_price"),
        amount("payg_price"),
        amount("exchange_rate", "exchangeratepricingtobilling"),
        amount("payg_cost", "paygcostinbillingcurrency"),
        currency("billing_currency", "billingcurrencycode", "billingcurrency", "currency"),
        text("pricing_currency"),
        text("location", "resourcelocation", "location"),
        text("availability_zone"),
        text("consumed_service"),
        text("service_name"),
        text("resource_id", "resourceid", "instanceid"),
        text("resource_name"),
        text("resource_group", "resourcegroup", "resourcegroupname"),
        text("cost_center"),
        text("reservation_id"),
        text("reservation_name"),
        text("benefit_id"),
        text("benefit_name"),
        text("charge_type"),
        text("frequency"),
        text("pricing_model"),
        text("publisher_name"),
        text("partner_name"),
        text("invoice_id"),
    ),
    variant=_variant,
    tags=lambda columns: tags.from_json(columns, "tags"),
    expected=(("payg_price", "list cost is unknown"), ("unit_price", "contracted cost is unknown")),
    is_known=lambda name: key(name) in _NOT_READ,
    words={
        "billing_account_type": ("Billing Profile", "Billing Account"),
        "charge_category": ("Usage", "Purchase", "Credit", "Tax", "Adjustment"),
        "charge_class": ("Correction",),
        "charge_frequency": ("One-Time", "Recurring", "Usage-Based"),
        "commitment_discount_category": ("Spend", "Usage"),
        "commitment_discount_status": ("Used", "Unused"),
        "commitment_discount_type": ("Savings Plan", "Reservation"),
        "pricing_category": ("Committed", "Dynamic", "Standard", "Other"),
        "provider_name": ("Microsoft",),
        "sub_account_type": ("Subscription",),
        "x_provider": ("azure",),
        "x_dataset": ("azure_actual", "azure_amortized"),
    },
    derived=lambda columns: {"is_mca": str(is_mca(columns)).lower()},
)
