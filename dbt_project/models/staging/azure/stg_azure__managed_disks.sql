with

source as (

    select * from {{ x_lake(source('lake', 'azure_managed_disks')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,

        -- strings
        resource_name,
        tags,
        resource_group_name,
        sku_name,
        tier,
        disk_state,
        managed_by,
        os_type,
        zone,

        -- numerics
        cast(size_gib as bigint) as size_gib,
        cast(iops as bigint) as iops,
        cast(throughput_mbps as bigint) as throughput_mbps,

        -- dates and timestamps
        created_at,
        last_ownership_update_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
