{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_azure__snapshots') }}
    where {{ in_latest_snapshots('azure_snapshots') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

disks as (

    select * from {{ ref('int_inventory__azure_managed_disks') }}

),

disk_lists as (

    select
        tenant_id,
        lower(sub_account_id) as subscription_id,
        max(snapshot_date) as snapshot_date

    from scopes
    where table_name = 'azure_managed_disks'
    group by
        tenant_id,
        lower(sub_account_id)

),

{{ latest_resources('azure_snapshots', created='created_at') }},

sourced as (

    -- full snapshots hold all their blocks themselves
    select
        resources.*,
        lower(source_resource_id) as source_id,
        {{ x_regex('lower(source_resource_id)', '^/subscriptions/([^/]+)/') }} as subscription_id,
        case when is_incremental then lower(source_resource_id) end as chain_id

    from resources

),

disk_snapshots as (

    select
        sourced.*,
        case
            when sourced.is_incremental
                then
                    cast(count(*) over (
                        partition by
                            sourced.tenant_id,
                            sourced.chain_id,
                            sourced.is_incremental
                    ) as bigint)
        end as chain_snapshot_count,
        sourced.source_id like '%/microsoft.compute/disks/%'
        and disks.resource_id is null
        and coalesce(disk_lists.snapshot_date > cast(sourced.created_at as date), false)
            as is_source_gone

    from sourced
    left outer join disks
        on
            sourced.tenant_id = disks.tenant_id
            and sourced.source_id = disks.resource_id
    left outer join disk_lists
        on
            sourced.tenant_id = disk_lists.tenant_id
            and sourced.subscription_id = disk_lists.subscription_id

)

select * from disk_snapshots
