with

source as (

    select * from {{ x_lake(source('lake', 'aws_autoscaling_groups')) }}

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
        launch_configuration_name,
        started_launch_configuration_names,

        -- numerics
        cast(min_size as bigint) as min_size,
        cast(max_size as bigint) as max_size,
        cast(desired_capacity as bigint) as desired_capacity,

        -- dates and timestamps
        created_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
