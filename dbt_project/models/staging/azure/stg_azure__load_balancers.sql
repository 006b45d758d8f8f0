with

source as (

    select * from {{ x_lake(source('lake', 'azure_load_balancers')) }}

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
        cast(backend_pool_count as bigint) as backend_pool_count,
        cast(backend_member_count as bigint) as backend_member_count,
        cast(inbound_nat_rule_count as bigint) as inbound_nat_rule_count,
        cast(rule_count as bigint) as rule_count,

        -- dates and timestamps
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
