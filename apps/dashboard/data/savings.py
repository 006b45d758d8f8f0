"""What the overview asks of findings: open and realized savings, and the ten worth most."""

import pandas as pd

from apps.dashboard.data.decided import IS_WAITING, JOIN, Decided
from apps.dashboard.data.source import Source, cached, query_frame

_IS_TENANT = "($tenant = '' or findings.tenant_id = $tenant)"


@cached
def load_open_savings(source: Source, tenant: str, decided: Decided) -> pd.DataFrame:
    """Return one row per currency: open findings, counted savings, findings without a figure."""
    return query_frame(
        source,
        f"""
        select
            findings.billing_currency,
            count(*) as finding_count,
            count(*) filter (where findings.estimated_monthly_savings is null) as unknown_count,
            sum(savings.counted_monthly_savings) as counted_savings
        from fct_findings as findings
        left join fct_savings as savings
            on
                findings.tenant_id = savings.tenant_id
                and findings.finding_id = savings.finding_id
        {JOIN}
        where {_IS_TENANT} and {IS_WAITING}
        group by findings.billing_currency
        order by counted_savings desc nulls last, findings.billing_currency nulls last
        """,
        {"tenant": tenant} | decided.params,
    )


@cached
def load_realized_savings(source: Source, tenant: str) -> pd.DataFrame:
    """Return one row per currency: resolved findings, what the bills show, what is not known."""
    return query_frame(
        source,
        f"""
        select
            findings.billing_currency,
            count(*) as resolved_count,
            count(*) filter (where findings.realized_monthly_savings is null) as unknown_count,
            sum(findings.realized_monthly_savings) as realized_savings
        from fct_finding_history as findings
        where {_IS_TENANT} and findings.status = 'resolved'
        group by findings.billing_currency
        order by findings.billing_currency nulls last
        """,
        {"tenant": tenant},
    )


@cached
def load_largest(
    source: Source, tenant: str, currency: str, decided: Decided, limit: int
) -> pd.DataFrame:
    """Return the findings that count for most, in one currency."""
    return query_frame(
        source,
        f"""
        select
            findings.finding_id, findings.tenant_id, findings.rule_title, findings.resource_id,
            findings.resource_name, findings.sentence, findings.risk, findings.confidence,
            savings.counted_monthly_savings
        from fct_findings as findings
        inner join fct_savings as savings
            on
                findings.tenant_id = savings.tenant_id
                and findings.finding_id = savings.finding_id
        {JOIN}
        where
            {_IS_TENANT}
            and {IS_WAITING}
            and findings.billing_currency = $currency
            and savings.counted_monthly_savings > 0
        order by savings.counted_monthly_savings desc, findings.tenant_id, findings.finding_id
        limit $limit
        """,
        {"tenant": tenant, "currency": currency, "limit": limit} | decided.params,
    )
