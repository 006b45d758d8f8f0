{{ config(materialized='table') }}

with

history as (

    select * from {{ ref('int_finding_history') }}

),

resolved as (

    select * from history
    where status = 'resolved'

),

listed_claims as (

    {{ x_explode_list(
        'resolved',
        ['tenant_id', 'finding_id', 'last_seen_date', 'resolved_date', 'billing_currency'],
        'claimed_resource_ids'
    ) }}

),

distinct_claims as (

    select distinct
        tenant_id,
        finding_id,
        item,
        last_seen_date,
        resolved_date,
        billing_currency

    from listed_claims

),

neighbours as (

    -- of one cost, each finding is measured up to where the next one closed, and from where the
    -- one before did: so no fall of it is told twice
    select
        distinct_claims.*,
        max(resolved_date) over (
            partition by tenant_id, item, billing_currency
            order by resolved_date asc nulls last, finding_id asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as previous_resolved_date,
        min(last_seen_date) over (
            partition by tenant_id, item, billing_currency
            order by resolved_date asc nulls last, finding_id asc nulls last
            rows between 1 following and unbounded following
        ) as next_last_seen_date

    from distinct_claims

),

claims as (

    select
        neighbours.tenant_id,
        neighbours.finding_id,
        neighbours.item,
        neighbours.billing_currency,
        neighbours.last_seen_date,
        neighbours.resolved_date,
        neighbours.previous_resolved_date,
        neighbours.next_last_seen_date,
        {{ x_date_diff('resolved_date', 'next_last_seen_date') }} - 1 as day_count_to_next

    from neighbours

)

select * from claims
