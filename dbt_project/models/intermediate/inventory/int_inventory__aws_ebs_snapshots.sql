{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__ebs_snapshots') }}
    where {{ in_latest_snapshots('aws_ebs_snapshots') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('aws_ebs_snapshots', created='started_at', description='description') }},

chained as (

    -- archived snapshots hold all their blocks themselves; copies do not name their disk
    select
        resources.*,
        case
            when
                storage_tier = 'standard'
                and volume_id <> 'vol-ffffffff'
                then
                    cast(count(*) over (
                        partition by
                            tenant_id,
                            volume_id,
                            storage_tier
                    ) as bigint)
        end as chain_snapshot_count

    from resources

)

select * from chained
