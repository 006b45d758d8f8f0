"""The landed tables of a scan beside those that resource types declare."""

import pyarrow as pa

from ingestion.model import PLACE_COLUMNS, Column, described

UTILIZATION_TABLE = "utilization_daily"
SCOPES_TABLE = "scan_scopes"
UTILIZATION_DAYS = 35
"""Complete days that the first scan reads: four weeks of any weekday and a week to spare."""

_TEXT, _COUNT, _INSTANT = pa.string(), pa.int64(), pa.timestamp("us")

STATISTICS = ("average", "minimum", "p50", "p95", "p99", "maximum", "sum")

UTILIZATION_COLUMNS = (
    *PLACE_COLUMNS,
    Column("resource_id", "", _TEXT, "Resource, as its inventory table writes it."),
    Column("resource_type", "", _TEXT, "Inventory table of the resource."),
    Column("metric_name", "", _TEXT, "Metric, in the provider's words."),
    Column("unit", "", _TEXT, "Unit of the statistics."),
    *(
        Column(name, "", pa.float64(), f"{name.capitalize()} of the day; null where not asked for.")
        for name in STATISTICS
    ),
    Column("sample_count", "", _COUNT, "Measurements, or hours, that the day rests on."),
)

USAGE_DATE = Column("usage_date", "", pa.date32(), "Complete UTC day; the partition in the lake.")

UTILIZATION = described((*UTILIZATION_COLUMNS, USAGE_DATE))
"""What collectors answer; `usage_date` becomes the partition."""

UTILIZATION_FILE = described(UTILIZATION_COLUMNS)

SCOPES = described(
    (
        Column("scan_id", "", _TEXT, "Scan that asked."),
        Column("provider", "", _TEXT, "aws or azure."),
        *PLACE_COLUMNS,
        Column("table_name", "", _TEXT, "Inventory table, or utilization_daily."),
        Column("status", "", _TEXT, "complete, denied, throttled, disabled or failed."),
        Column("resource_count", "", _COUNT, "Rows it holds; null unless complete."),
        Column("call_count", "", _COUNT, "Calls made for it, repeated ones included."),
        Column("error_code", "", _TEXT, "The provider's own code; null when complete."),
        Column("message", "", _TEXT, "What happened; null when complete."),
        Column("action", "", _TEXT, "Who must do what; null when complete."),
        Column("requested_by", "", _TEXT, "Who asked for the scan."),
        Column("started_at", "", _INSTANT, "When the scan started, UTC."),
        Column("finished_at", "", _INSTANT, "When this place was answered, UTC."),
    )
)
