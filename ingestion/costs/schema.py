"""The landed cost tables: their columns, types and meaning.

`cost_lines` holds the 57 columns of FOCUS 1.2 in snake_case (specification tag v1.2) and `x_`
columns for what FOCUS lacks. Amounts are DECIMAL(38,20): 18 digits before the point and 20 behind
it hold what both clouds write: Azure's costs come with up to 19 decimals.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

AMOUNT = "DECIMAL(38,20)"
TEXT = "VARCHAR"
INSTANT = "TIMESTAMP"


@dataclass(frozen=True, slots=True)
class LandedColumn:
    """One column of a landed table, with its DuckDB type."""

    name: str
    dtype: str
    description: str


def _columns(*rows: tuple[str, str, str]) -> tuple[LandedColumn, ...]:
    return tuple(LandedColumn(*row) for row in rows)


COST_LINES = _columns(
    ("availability_zone", TEXT, "Isolated area within a region."),
    ("billed_cost", AMOUNT, "What the invoice is based on; commitments count when bought."),
    ("billing_account_id", TEXT, "Payer account, billing account or billing profile."),
    ("billing_account_name", TEXT, "Its name."),
    ("billing_account_type", TEXT, "What kind of scope the billing account is."),
    ("billing_currency", TEXT, "ISO 4217 code; `XXX` where the source names none we read."),
    ("billing_period_start", INSTANT, "Start of the billing period, UTC."),
    ("billing_period_end", INSTANT, "End of the billing period, UTC, exclusive."),
    ("capacity_reservation_id", TEXT, "Capacity reservation the charge belongs to."),
    ("capacity_reservation_status", TEXT, "Used or Unused."),
    ("charge_category", TEXT, "Usage, Purchase, Tax, Credit or Adjustment."),
    ("charge_class", TEXT, "Correction, or null."),
    ("charge_description", TEXT, "The charge in the provider's words."),
    ("charge_frequency", TEXT, "One-Time, Recurring or Usage-Based."),
    ("charge_period_start", INSTANT, "Start of the time charged for, UTC."),
    ("charge_period_end", INSTANT, "End of the time charged for, UTC, exclusive."),
    ("commitment_discount_category", TEXT, "Spend or Usage."),
    ("commitment_discount_id", TEXT, "Reservation or savings plan."),
    ("commitment_discount_name", TEXT, "Its name."),
    ("commitment_discount_quantity", AMOUNT, "Amount of the commitment used or bought."),
    ("commitment_discount_status", TEXT, "Used or Unused."),
    ("commitment_discount_type", TEXT, "Reserved Instance, Reservation or Savings Plan."),
    ("commitment_discount_unit", TEXT, "Unit of the commitment's quantity."),
    ("consumed_quantity", AMOUNT, "Amount used."),
    ("consumed_unit", TEXT, "Its unit."),
    ("contracted_cost", AMOUNT, "Quantity times negotiated price; null if unknown."),
    ("contracted_unit_price", AMOUNT, "Negotiated price per pricing unit."),
    ("effective_cost", AMOUNT, "Billed cost with commitments spread over what they cover."),
    ("invoice_id", TEXT, "Invoice; null until it is issued."),
    ("invoice_issuer_name", TEXT, "Who issues the invoice."),
    ("list_cost", AMOUNT, "Quantity times public price; null if unknown."),
    ("list_unit_price", AMOUNT, "Public price per pricing unit."),
    ("pricing_category", TEXT, "Standard, Dynamic, Committed or Other."),
    ("pricing_currency", TEXT, "Currency of prices."),
    ("pricing_currency_contracted_unit_price", AMOUNT, "Negotiated price in pricing currency."),
    ("pricing_currency_effective_cost", AMOUNT, "Effective cost in pricing currency."),
    ("pricing_currency_list_unit_price", AMOUNT, "Public price in pricing currency."),
    ("pricing_quantity", AMOUNT, "Amount priced."),
    ("pricing_unit", TEXT, "Its unit."),
    ("provider_name", TEXT, "AWS or Microsoft, as FOCUS exports write them."),
    ("publisher_name", TEXT, "Who made what was bought."),
    ("region_id", TEXT, "Provider's region code, lower case."),
    ("region_name", TEXT, "Its name."),
    ("resource_id", TEXT, "Canonical id: ARM ids lower case, EC2 ids without ARN."),
    ("resource_name", TEXT, "Name the customer gave it."),
    ("resource_type", TEXT, "Its kind."),
    ("service_category", TEXT, "One of FOCUS's 19 categories."),
    ("service_name", TEXT, "Service in the provider's words."),
    ("service_subcategory", TEXT, "FOCUS subcategory."),
    ("sku_id", TEXT, "What was priced."),
    ("sku_meter", TEXT, "What was metered."),
    ("sku_price_details", TEXT, "JSON object of price properties."),
    ("sku_price_id", TEXT, "Price that applied."),
    ("sub_account_id", TEXT, "AWS account or Azure subscription."),
    ("sub_account_name", TEXT, "Its name."),
    ("sub_account_type", TEXT, "What kind of sub account."),
    ("tags", TEXT, "JSON object of tag keys and values; `{}` without tags."),
    ("x_provider", TEXT, "aws, azure or other."),
    ("x_dataset", TEXT, "Export the line came from: focus, cur, azure_actual, azure_amortized."),
    ("x_charge_type", TEXT, "Provider's own type of line, such as SavingsPlanCoveredUsage."),
    ("x_service_code", TEXT, "Provider's code of the service, such as AmazonEC2."),
    ("x_usage_type", TEXT, "AWS usage type or Azure meter subcategory."),
    ("x_operation", TEXT, "AWS operation or Azure consumed service."),
    ("x_resource_group_name", TEXT, "Azure resource group, lower case."),
    ("x_cost_center", TEXT, "Azure cost center."),
    ("x_source_cost", AMOUNT, "Cost on the provider's line, before any mapping."),
    ("x_source_file", TEXT, "File of the delivery the line was read from."),
    ("x_note", TEXT, "What of the line could not be read and was kept as unknown, or null."),
)

LOADS = _columns(
    ("load_id", TEXT, "Digest of the delivery's content; equal content has an equal id."),
    (
        "partition_version",
        TEXT,
        "Digest of all current loads of the partition, or what interrupted their replacement.",
    ),
    ("provider", TEXT, "aws, azure or other."),
    ("scope", TEXT, "Billing scope: payer account, billing account, subscription."),
    ("dataset", TEXT, "focus, cur, azure_actual or azure_amortized."),
    ("format", TEXT, "Recognised format, such as cur_legacy or focus_1_2."),
    ("export_name", TEXT, "Name of the export the delivery belongs to."),
    ("delivery_id", TEXT, "Provider's id of the delivery, or a digest."),
    ("source_uri", TEXT, "Where it was read."),
    ("delivered_at", INSTANT, "When the provider delivered it, UTC."),
    ("loaded_at", INSTANT, "When it landed, UTC."),
    ("watermark_date", "DATE", "Last day it has charges for."),
    ("is_final", "BOOLEAN", "Whether the month is invoiced."),
    ("row_count", "BIGINT", "Lines that landed."),
    ("rejected_row_count", "BIGINT", "Lines that did not."),
    ("noted_row_count", "BIGINT", "Lines that landed with an unknown value."),
    ("byte_count", "BIGINT", "Size of the source files."),
    ("is_current", "BOOLEAN", "Whether the partition holds this load."),
    ("partition_count", "BIGINT", "Partitions that the delivery has lines for."),
    ("is_time_stated", "BOOLEAN", "Whether the provider wrote `delivered_at` into the delivery."),
    ("first_date", "DATE", "First day it has charges for."),
)

BILL_TOTALS = _columns(
    ("load_id", TEXT, "Load the total was read with."),
    ("dataset", TEXT, "Export that states it."),
    ("billing_currency", TEXT, "Currency of the total."),
    ("provider_total", AMOUNT, "Sum of the provider's own cost column, rejected lines included."),
    ("uncommitted_total", AMOUNT, "Of it, what no commitment buys or covers."),
    ("line_count", "BIGINT", "Lines the delivery holds, rejected ones included."),
)

REJECTED = _columns(
    ("load_id", TEXT, "Load that met the line."),
    ("dataset", TEXT, "Export the line came from."),
    ("source_file", TEXT, "File of the delivery."),
    ("line_number", "BIGINT", "Line in the file, from 1; null where a format has no lines."),
    ("column_name", TEXT, "Column that could not be read, or null for the whole line."),
    ("reason", TEXT, "What is wrong, in a sentence."),
    ("is_row_rejected", "BOOLEAN", "True if the line did not land; false if one value is unknown."),
    ("billing_currency", TEXT, "Currency of the line, if known."),
    ("source_cost", AMOUNT, "Cost of the line, if known."),
    ("source_line", TEXT, "The line as it came, cut at 2,000 characters."),
)

TABLES = {
    "cost_lines": COST_LINES,
    "loads": LOADS,
    "bill_totals": BILL_TOTALS,
    "rejected": REJECTED,
}

_ARROW = {
    TEXT: pa.string(),
    AMOUNT: pa.decimal128(38, 20),
    INSTANT: pa.timestamp("us"),
    "DATE": pa.date32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
}


def arrow_schema(columns: Iterable[LandedColumn]) -> pa.Schema:
    """Return the Arrow schema of a landed table."""
    return pa.schema([(column.name, _ARROW[column.dtype]) for column in columns])
