with

source as (

    select * from {{ x_lake(source('lake', 'azure_virtual_machines')) }}

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
        vm_size,
        power_state,
        os_type,
        priority,
        license_type,
        image_publisher,
        zone,

        -- dates and timestamps
        created_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
