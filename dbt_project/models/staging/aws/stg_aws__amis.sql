with

source as (

    select * from {{ x_lake(source('lake', 'aws_amis')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,
        snapshot_ids,

        -- strings
        resource_name,
        tags,
        state,
        architecture,
        platform,

        -- booleans
        is_public,

        -- dates and timestamps
        created_at,
        last_launched_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
