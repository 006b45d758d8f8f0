{{ config(materialized='table') }}

with

findings as (

    select * from {{ ref('int_findings') }}
    where not is_exempt

),

claims as (

    select * from {{ ref('int_savings__claims') }}

),

claimed as (

    select
        tenant_id,
        finding_id,
        count(distinct billing_currency) as currency_count,
        max(billing_currency) as billing_currency,
        min(bill_day_count) as bill_day_count,
        {{ x_sum('effective_cost_30d') }} as effective_cost_30d,
        {{ x_sum('covered_cost_30d') }} as covered_cost_30d,
        {{ x_sum('base_cost_30d') }} as base_cost_30d,
        {{ x_sum('claimed_cost') }} as claimed_cost,
        {{ x_sum('case when claim_rank = 1 then claimed_cost end') }} as counted_cost,
        {{ x_listagg('counted_resource_id', ',') }} as counted_resource_ids,
        {{ x_listagg('other_title', ', ') }} as other_titles

    from claims
    group by
        tenant_id,
        finding_id

),

savings as (

    select
        findings.tenant_id,
        findings.provider,
        findings.resource_id,
        findings.finding_id,
        findings.rule_id,
        findings.action,
        findings.action_rank,
        claimed.billing_currency,
        claimed.bill_day_count,
        claimed.effective_cost_30d,
        claimed.covered_cost_30d,
        claimed.base_cost_30d,
        case
            when
                claimed.currency_count = 1
                and findings.is_price_known
                and not findings.is_cost_shared
                then cast(claimed.claimed_cost as decimal(38, 2))
        end as estimated_monthly_savings,
        case
            when claimed.currency_count = 1
                then cast(coalesce(claimed.counted_cost, 0) as decimal(38, 2))
            else cast(0 as decimal(38, 2))
        end as counted_monthly_savings,
        '[' || coalesce(claimed.counted_resource_ids, '') || ']' as counted_resource_ids,
        claimed.other_titles,
        case
            when claimed.currency_count is null
                then 'No line of the last 30 complete days of the bill is for this resource.'
            when claimed.currency_count > 1
                then 'The resource is billed in several currencies, which are never added.'
            when not findings.is_price_known
                then
                    'List prices are known on demand and without the licence of an operating '
                    || 'system, and this machine pays others.'
            when findings.is_cost_shared
                then
                    'Other snapshots of the same disk stay, or other images hold the same ones, '
                    || 'or neither is known, and what they share with it stays billed: what '
                    || 'deleting it saves is not known before.'
        end as savings_unknown_reason

    from findings
    left outer join claimed
        on
            findings.tenant_id = claimed.tenant_id
            and findings.finding_id = claimed.finding_id

),

counted as (

    select
        savings.*,
        counted_monthly_savings > 0 as is_counted,
        case
            when savings_unknown_reason is not null then savings_unknown_reason
            when estimated_monthly_savings = 0 and covered_cost_30d > 0
                then 'Commitments cover its cost: they are paid for either way.'
            when estimated_monthly_savings = 0 then 'It costs nothing now.'
            when counted_monthly_savings = 0
                then 'The same cost is counted in: ' || other_titles || '.'
            when counted_monthly_savings < estimated_monthly_savings
                then 'Part of the cost is counted in: ' || other_titles || '.'
        end as not_counted_reason

    from savings

)

select * from counted
