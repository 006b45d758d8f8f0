with

source as (

    select * from {{ x_lake(source('lake', 'aws_launch_template_versions')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,
        launch_template_id,
        image_id,

        -- strings
        resource_name,
        tags,
        instance_type,

        -- numerics
        cast(version_number as bigint) as version_number,

        -- booleans
        is_default,

        -- dates and timestamps
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
