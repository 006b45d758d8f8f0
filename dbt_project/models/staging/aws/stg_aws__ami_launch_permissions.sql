with

source as (

    select * from {{ x_lake(source('lake', 'aws_ami_launch_permissions')) }}

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

        -- numerics
        cast(launch_permission_count as bigint) as launch_permission_count,

        -- dates and timestamps
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
