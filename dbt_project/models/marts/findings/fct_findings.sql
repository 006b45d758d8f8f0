with

findings as (

    select * from {{ ref('int_findings') }}
    where not is_exempt

),

savings as (

    select * from {{ ref('int_savings') }}

),

history as (

    select * from {{ ref('int_finding_history') }}

),

accounts as (

    select
        tenant_id,
        sub_account_id,
        {{ x_latest('sub_account_name', 'last_charge_date') }} as sub_account_name

    from {{ ref('dim_account') }}
    group by
        tenant_id,
        sub_account_id

),

open_findings as (

    select
        findings.finding_id,
        findings.tenant_id,
        findings.provider,
        findings.connection_id,
        findings.sub_account_id,
        accounts.sub_account_name,
        findings.region_id,
        findings.resource_id,
        findings.resource_name,
        findings.resource_type,
        findings.service as service_name,
        findings.rule_id,
        findings.title as rule_title,
        findings.category,
        findings.action,
        findings.severity,
        findings.effort,
        findings.risk,
        findings.confidence,
        findings.sentence,
        findings.recommendation,
        findings.current_value,
        findings.target_value,
        findings.owner_name as owner,
        findings.tags,
        savings.billing_currency,
        savings.effective_cost_30d,
        savings.estimated_monthly_savings,
        savings.savings_unknown_reason,
        savings.is_counted,
        savings.not_counted_reason,
        {{ savings_formula() }} as savings_formula,
        {{ savings_inputs() }} as savings_inputs,
        findings.evidence,
        findings.thresholds,
        findings.chart_metric,
        findings.chart_statistic,
        findings.chart_threshold,
        findings.observed_date,
        history.first_seen_date,
        {{ console_url() }} as console_url

    from findings
    inner join savings
        on
            findings.tenant_id = savings.tenant_id
            and findings.finding_id = savings.finding_id
    inner join history
        on
            findings.tenant_id = history.tenant_id
            and findings.finding_id = history.finding_id
    left outer join accounts
        on
            findings.tenant_id = accounts.tenant_id
            and findings.sub_account_id = accounts.sub_account_id

)

select * from open_findings
