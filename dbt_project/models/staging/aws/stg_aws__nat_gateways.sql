with

source as (

    select * from {{ x_lake(source('lake', 'aws_nat_gateways')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,
        vpc_id,
        subnet_id,

        -- strings
        resource_name,
        tags,
        state,
        connectivity_type,

        -- dates and timestamps
        created_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
