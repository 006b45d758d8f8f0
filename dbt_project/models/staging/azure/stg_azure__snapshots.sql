with

source as (

    select * from {{ x_lake(source('lake', 'azure_snapshots')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,
        source_resource_id,

        -- strings
        resource_name,
        tags,
        resource_group_name,
        sku_name,

        -- numerics
        cast(size_gib as bigint) as size_gib,

        -- booleans
        is_incremental,

        -- dates and timestamps
        created_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
