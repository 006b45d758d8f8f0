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

{{ latest_resources('azure_snapshots', created='created_at') }},

chained as (

    -- full snapshots hold all their blocks themselves
    select
        resources.*,
        case
            when is_incremental
                then
                    cast(count(*) over (
                        partition by
                            tenant_id,
                            lower(source_resource_id),
                            is_incremental
                    ) as bigint)
        end as chain_snapshot_count

    from resources

)

select * from chained
