{{ config(materialized='table') }}

with

scopes as (

    select * from {{ ref('stg_scan_scopes') }}

),

complete_scopes as (

    select
        tenant_id,
        connection_id,
        sub_account_id,
        coalesce(nullif(region_id, ''), '*') as region_id,
        table_name,
        min(snapshot_date) as first_snapshot_date,
        max(snapshot_date) as snapshot_date

    from scopes
    where status = 'complete'
    group by
        tenant_id,
        connection_id,
        sub_account_id,
        coalesce(nullif(region_id, ''), '*'),
        table_name

),

latest as (

    -- a first scan fetches 35 days of utilization, and 93 days are as long as both clouds keep them
    select
        complete_scopes.*,
        greatest(
            {{ x_date_add('first_snapshot_date', -35) }}, {{ x_date_add('snapshot_date', -93) }}
        ) as known_from_date,
        {{ x_date_add('snapshot_date', -1) }} as known_until_date

    from complete_scopes

)

select * from latest
