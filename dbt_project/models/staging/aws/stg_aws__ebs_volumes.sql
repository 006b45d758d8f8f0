with

source as (

    select * from {{ x_lake(source('lake', 'aws_ebs_volumes')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,
        instance_id,
        snapshot_id,

        -- strings
        resource_name,
        tags,
        state,
        volume_type,
        device,
        availability_zone,

        -- numerics
        cast(size_gib as bigint) as size_gib,
        cast(iops as bigint) as iops,
        cast(throughput_mibps as bigint) as throughput_mibps,
        cast(attachment_count as bigint) as attachment_count,

        -- booleans
        is_delete_on_termination,
        is_encrypted,
        is_multi_attach_enabled,

        -- dates and timestamps
        created_at,
        attached_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
