{{ config(materialized='table') }}

with

every_observation as (

    select * from {{ ref('int_finding_observations') }}

),

observed_days as (

    select * from {{ ref('int_finding_days') }}

),

resources as (

    select * from {{ ref('int_inventory__resources') }}

),

observations as (

    -- what a tag exempts, or other thresholds leave out, is not open
    select * from every_observation
    where
        not is_exempt
        and not is_dismissed

),

dismissals as (

    select
        tenant_id,
        finding_id,
        max(observed_date) as dismissed_date,
        {{ x_latest("case when is_exempt then 'tag' else 'thresholds' end", 'observed_date') }}
            as dismissed_by

    from every_observation
    where
        is_exempt
        or is_dismissed
    group by
        tenant_id,
        finding_id

),

numbered as (

    select
        observations.*,
        observed_days.day_number,
        observed_days.day_number - lag(observed_days.day_number) over (
            partition by observations.tenant_id, observations.finding_id
            order by observations.observed_date asc nulls last
        ) as days_since_seen

    from observations
    inner join observed_days
        on
            observations.tenant_id = observed_days.tenant_id
            and observations.observed_date = observed_days.observed_date

),

history as (

    select
        tenant_id,
        finding_id,
        max(provider) as provider,
        max(rule_id) as rule_id,
        max(resource_id) as resource_id,
        min(observed_date) as first_seen_date,
        max(case when not is_unverified then observed_date end) as last_seen_date,
        max(observed_date) as last_observed_date,
        max(case when days_since_seen > 1 then observed_date end) as reopened_date,
        max(case when is_current then 1 else 0 end) = 1 as is_current,
        max(case when is_current and is_unverified then 1 else 0 end) = 1 as is_unverified,
        {{ x_latest('claimed_resource_ids', 'observed_date') }} as claimed_resource_ids,
        {{ x_latest('billing_currency', 'observed_date') }} as billing_currency,
        max_by(estimated_monthly_savings, observed_date) as estimated_monthly_savings

    from numbered
    group by
        tenant_id,
        finding_id

),

resolutions as (

    select
        history.tenant_id,
        history.finding_id,
        min(observed_days.observed_date) as resolved_date

    from history
    inner join observed_days
        on
            history.tenant_id = observed_days.tenant_id
            and history.last_observed_date < observed_days.observed_date
    where not history.is_current
    group by
        history.tenant_id,
        history.finding_id

),

states as (

    select
        history.tenant_id,
        history.finding_id,
        history.provider,
        history.rule_id,
        history.resource_id,
        case
            when history.is_unverified then 'unverified'
            when history.is_current then 'open'
            when dismissals.finding_id is not null then 'dismissed'
            else 'resolved'
        end as status,
        history.first_seen_date,
        history.last_seen_date,
        history.reopened_date,
        case
            when history.is_current then null
            else coalesce(resolutions.resolved_date, history.last_seen_date)
        end as resolved_date,
        case when not history.is_current then dismissals.dismissed_by end as dismissed_by,
        case when history.is_unverified then resources.unread_since_date end as unread_since_date,
        history.is_unverified and coalesce(resources.is_list_unread, false) as is_list_unread,
        history.claimed_resource_ids,
        history.billing_currency,
        history.estimated_monthly_savings

    from history
    left outer join resolutions
        on
            history.tenant_id = resolutions.tenant_id
            and history.finding_id = resolutions.finding_id
    left outer join resources
        on
            history.tenant_id = resources.tenant_id
            and history.resource_id = resources.resource_id
    left outer join dismissals
        on
            history.tenant_id = dismissals.tenant_id
            and history.finding_id = dismissals.finding_id
            and history.last_observed_date < dismissals.dismissed_date

)

select * from states
