{{ config(materialized='table') }}

with

landed as (

    select * from {{ ref('stg_finding_observations') }}

),

findings as (

    select * from {{ ref('int_findings') }}

),

savings as (

    select * from {{ ref('int_savings') }}

),

latest_days as (

    select * from {{ ref('int_finding_days') }}
    where is_latest

),

thresholds as (

    select * from {{ ref('int_rule_thresholds') }}

),

resources as (

    select * from {{ ref('int_inventory__resources') }}

),

current_findings as (

    select
        findings.tenant_id,
        findings.finding_id,
        findings.provider,
        findings.rule_id,
        findings.resource_id,
        coalesce(savings.counted_resource_ids, '[]') as claimed_resource_ids,
        savings.billing_currency,
        savings.estimated_monthly_savings,
        findings.thresholds,
        findings.is_exempt,
        false as is_dismissed,
        false as is_unverified,
        latest_days.observed_date,
        true as is_current

    from findings
    inner join latest_days
        on findings.tenant_id = latest_days.tenant_id
    left outer join savings
        on
            findings.tenant_id = savings.tenant_id
            and findings.finding_id = savings.finding_id

),

earlier_findings as (

    select
        landed.tenant_id,
        landed.finding_id,
        landed.provider,
        landed.rule_id,
        landed.resource_id,
        landed.claimed_resource_ids,
        landed.billing_currency,
        landed.estimated_monthly_savings,
        landed.thresholds,
        landed.is_exempt,
        coalesce(landed.is_dismissed, false) as is_dismissed,
        coalesce(landed.is_unverified, false) as is_unverified,
        landed.observed_date,
        false as is_current

    from landed
    inner join latest_days
        on
            landed.tenant_id = latest_days.tenant_id
            and landed.observed_date < latest_days.observed_date

),

unseen_findings as (

    -- open the last time and not found now, though what they are of still exists: judged by other
    -- thresholds they saved nothing; without their metrics, with metrics that go beyond the last
    -- list of them, without the lists of what may use them, or in an account that is not read any
    -- more, they were not judged at all
    select
        earlier_findings.*,
        latest_days.observed_date as latest_date,
        earlier_findings.thresholds <> thresholds.threshold_values as is_judged_otherwise,
        resources.unread_since_date is not null
        or not resources.is_use_known
        or (
            thresholds.needs_utilization
            and not coalesce(
                {{ is_measured_lately('resources') }}
                and resources.utilization_end_date <= resources.observed_date,
                false
            )
        ) as is_unjudged

    from earlier_findings
    inner join latest_days
        on
            earlier_findings.tenant_id = latest_days.tenant_id
            and earlier_findings.observed_date = latest_days.previous_observed_date
    inner join thresholds
        on
            earlier_findings.tenant_id = thresholds.tenant_id
            and earlier_findings.rule_id = thresholds.rule_id
    inner join resources
        on
            earlier_findings.tenant_id = resources.tenant_id
            and earlier_findings.resource_id = resources.resource_id
    left outer join current_findings
        on
            earlier_findings.tenant_id = current_findings.tenant_id
            and earlier_findings.finding_id = current_findings.finding_id
    where
        current_findings.finding_id is null
        and not earlier_findings.is_exempt
        and not earlier_findings.is_dismissed

),

unseen_now as (

    select
        tenant_id,
        finding_id,
        provider,
        rule_id,
        resource_id,
        claimed_resource_ids,
        billing_currency,
        estimated_monthly_savings,
        thresholds,
        false as is_exempt,
        not is_unjudged as is_dismissed,
        is_unjudged as is_unverified,
        latest_date as observed_date,
        true as is_current

    from unseen_findings
    where
        is_unjudged
        or is_judged_otherwise

),

observations as (

    select * from current_findings
    union all
    select * from earlier_findings
    union all
    select * from unseen_now

)

select * from observations
