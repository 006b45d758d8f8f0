with

source as (

    select * from {{ x_lake(source('lake', 'azure_nat_gateways')) }}

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

        -- numerics
        cast(subnet_count as bigint) as subnet_count,
        cast(public_ip_count as bigint) as public_ip_count,

        -- dates and timestamps
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
