with

source as (

    select * from {{ x_lake(source('lake', 'aws_ec2_instances')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,
        image_id,
        vpc_id,

        -- strings
        resource_name,
        tags,
        instance_type,
        state,
        state_transition_reason,
        platform,
        architecture,
        lifecycle,
        availability_zone,
        root_device_name,
        monitoring_state,
        autoscaling_group_name,

        -- dates and timestamps
        launched_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
