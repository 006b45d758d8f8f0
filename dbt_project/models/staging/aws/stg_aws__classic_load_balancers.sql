with

source as (

    select * from {{ x_lake(source('lake', 'aws_classic_load_balancers')) }}

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
        instance_ids,

        -- strings
        resource_name,
        tags,
        scheme,

        -- dates and timestamps
        created_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
