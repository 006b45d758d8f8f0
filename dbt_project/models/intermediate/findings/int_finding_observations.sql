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

latest_scans as (

    select * from {{ ref('int_scan_days') }}
    where is_latest

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
        findings.is_exempt,
        latest_scans.scan_date as observed_date,
        true as is_current

    from findings
    inner join latest_scans
        on findings.tenant_id = latest_scans.tenant_id
    left outer join savings
        on
            findings.tenant_id = savings.tenant_id
            and findings.finding_id = savings.finding_id

),

earlier_findings as (

    -- what an earlier build saw on the day of the latest scan, this one sees anew
    select
        landed.tenant_id,
        landed.finding_id,
        landed.provider,
        landed.rule_id,
        landed.resource_id,
        landed.claimed_resource_ids,
        landed.billing_currency,
        landed.estimated_monthly_savings,
        landed.is_exempt,
        landed.observed_date,
        false as is_current

    from landed
    inner join latest_scans
        on
            landed.tenant_id = latest_scans.tenant_id
            and landed.observed_date < latest_scans.scan_date

),

observations as (

    select * from current_findings
    union all
    select * from earlier_findings

)

select * from observations
