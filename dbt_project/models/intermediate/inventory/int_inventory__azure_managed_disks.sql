{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_azure__managed_disks') }}
    where {{ in_latest_snapshots('azure_managed_disks') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

machines as (

    select * from {{ ref('int_inventory__azure_virtual_machines') }}

),

{{ latest_resources('azure_managed_disks', created='created_at') }},

disks as (

    select
        resources.*,
        {{ x_date_diff(
            'cast(coalesce(resources.last_ownership_update_at, resources.created_at) as date)',
            'resources.observed_date'
        ) }} as ownership_days,
        lower(machines.power_state) as machine_power_state,
        machines.inactive_days as machine_inactive_days

    from resources
    left outer join machines
        on
            resources.tenant_id = machines.tenant_id
            and resources.managed_by = machines.resource_id

)

select * from disks
