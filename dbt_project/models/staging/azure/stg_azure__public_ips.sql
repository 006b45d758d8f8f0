with

source as (

    select * from {{ x_lake(source('lake', 'azure_public_ips')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,
        ip_configuration_id,
        nat_gateway_id,
        public_ip_prefix_id,

        -- strings
        resource_name,
        tags,
        resource_group_name,
        ip_address,
        sku_name,
        allocation_method,

        -- dates and timestamps
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
