{{ config(materialized='table') }}

with

resource_costs as (

    select * from {{ ref('int_resource_costs__trailing_30_days') }}

),

first_seen as (

    select * from {{ ref('int_inventory__first_seen') }}

),

billed as (

    select
        tenant_id,
        resource_id,
        max(charge_day_count) as billed_day_count,
        max(idle_address_day_count) as idle_address_day_count,
        max(last_billed_use_date) as last_billed_use_date

    from resource_costs
    group by
        tenant_id,
        resource_id

),

known_days as (

    -- a bill that ends before a scan saw it in use knows of other days than these
    select
        first_seen.tenant_id,
        first_seen.resource_id,
        first_seen.first_seen_date,
        case
            when first_seen.last_in_use_date is null then coalesce(billed.billed_day_count, 0)
            else 0
        end as billed_day_count,
        coalesce(billed.last_billed_use_date > first_seen.first_seen_date, false)
            as is_used_since,
        case
            when
                first_seen.last_in_use_date is null
                or billed.last_billed_use_date > first_seen.first_seen_date
                then billed.idle_address_day_count
            else 0
        end as idle_address_day_count

    from first_seen
    left outer join billed
        on
            first_seen.tenant_id = billed.tenant_id
            and first_seen.resource_id = billed.resource_id

)

select * from known_days
