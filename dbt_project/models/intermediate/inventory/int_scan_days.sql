{{ config(materialized='table') }}

with

scopes as (

    select * from {{ ref('stg_scan_scopes') }}

),

days as (

    select
        tenant_id,
        snapshot_date as scan_date

    from scopes
    group by
        tenant_id,
        snapshot_date

),

scan_days as (

    select
        days.*,
        scan_date = max(scan_date) over (partition by tenant_id) as is_latest

    from days

)

select * from scan_days
