"""What findings can be filtered and grouped by, and how their list can be sorted."""

from dataclasses import dataclass

from apps.dashboard.data.decided import STATE
from apps.dashboard.dimensions import TAG_PREFIX, is_tag

LEVELS = ("high", "medium", "low")


@dataclass(frozen=True)
class Field:
    """One column of a finding to filter and group by.

    Attributes:
        key: Its name in the address.
        label: Its name on the page.
        column: SQL of its value over `fct_findings`, `fct_savings` and the decisions.
        is_filter: Whether its values are few enough to choose from a list.
        words: What its values are called on the page, where the data's own word is not used.
    """

    key: str
    label: str
    column: str
    is_filter: bool = True
    words: tuple[tuple[str, str], ...] = ()

    def named(self, value: str) -> str:
        """Return what a value is called on the page; the data's word where we have none."""
        return dict(self.words).get(value, value)


@dataclass(frozen=True)
class Order:
    """One way to sort the list.

    Attributes:
        label: Its name on the page.
        sql: Its terms, over the columns of the list.
    """

    label: str
    sql: str


_LEVEL_WORDS = tuple((level, level.capitalize()) for level in LEVELS)
_CATEGORIES = (
    ("waste", "Waste"),
    ("rightsizing", "Rightsizing"),
    ("modernization", "Modernization"),
    ("storage_tiering", "Storage tiering"),
)
_STATES = (
    ("open", "Open"),
    ("reopened", "Open again: done, and still found"),
    ("snoozed", "Snoozed"),
    ("dismissed", "Dismissed"),
    ("done", "Done, to be checked"),
)
_ACTIONS = (
    ("delete", "Delete"),
    ("stop", "Stop"),
    ("rightsize", "Rightsize"),
    ("modernize", "Modernize"),
)

_FIELDS = (
    Field("tenant", "Tenant", "findings.tenant_id"),
    Field("account", "Sub account", "findings.sub_account_id"),
    Field("service", "Service", "findings.service_name"),
    Field("category", "Category", "findings.category", words=_CATEGORIES),
    Field("risk", "Risk", "findings.risk", words=_LEVEL_WORDS),
    Field("effort", "Effort", "findings.effort", words=_LEVEL_WORDS),
    Field("confidence", "Confidence", "findings.confidence", words=_LEVEL_WORDS),
    Field("owner", "Owner tag", "findings.owner"),
    Field("state", "State", f"({STATE})", words=_STATES),
    Field("assignee", "Assignee", "decisions.assignee"),
    Field("rule", "Rule", "findings.rule_title"),
    Field("action", "Action", "findings.action", words=_ACTIONS),
    Field("severity", "Severity", "findings.severity", words=_LEVEL_WORDS),
    Field(
        "provider",
        "Provider",
        "findings.provider",
        words=(("aws", "AWS"), ("azure", "Azure")),
    ),
    Field("region", "Region", "findings.region_id"),
    Field("type", "Resource type", "findings.resource_type"),
    Field("currency", "Currency", "findings.billing_currency"),
    Field(
        "counted",
        "Savings counted",
        "case when findings.is_counted then 'yes' else 'no' end",
        words=(("yes", "Counted"), ("no", "Not counted")),
    ),
    Field("resource", "Resource", "findings.resource_id", is_filter=False),
)
FIELDS = {field.key: field for field in _FIELDS}

ORDERS = {
    "savings": Order("Savings, largest first", "estimated_monthly_savings desc nulls last"),
    "counted": Order("Counted savings, largest first", "counted_monthly_savings desc nulls last"),
    "cost": Order("Cost of 30 days, largest first", "effective_cost_30d desc nulls last"),
    "newest": Order("First seen, newest first", "first_seen_date desc nulls last"),
    "oldest": Order("First seen, oldest first", "first_seen_date asc nulls last"),
    "tenant": Order("Tenant, then savings", "tenant_id, estimated_monthly_savings desc nulls last"),
    "resource": Order("Resource", "coalesce(resource_name, resource_id)"),
    "rule": Order("Finding", "rule_title, estimated_monthly_savings desc nulls last"),
}
DEFAULT_ORDER = "savings"


def is_field(key: str) -> bool:
    """Return whether findings can be filtered and grouped by the key."""
    return key in FIELDS or is_tag(key)


def label(key: str) -> str:
    """Return the name of a field or tag on the page; a tag's key is a stranger's text."""
    return FIELDS[key].label if key in FIELDS else f"Tag {key.removeprefix(TAG_PREFIX)}"


def value_name(key: str, value: str) -> str:
    """Return what a value of a field is called on the page."""
    return FIELDS[key].named(value) if key in FIELDS else value
