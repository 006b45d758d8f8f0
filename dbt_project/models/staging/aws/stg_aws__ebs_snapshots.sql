with

source as (

    select * from {{ x_lake(source('lake', 'aws_ebs_snapshots')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,
        volume_id,
        owner_id,

        -- strings
        resource_name,
        tags,
        state,
        description,
        storage_tier,

        -- numerics
        cast(volume_size_gib as bigint) as volume_size_gib,

        -- dates and timestamps
        started_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
