with

source as (

    select * from {{ x_lake(source('lake', 'aws_elastic_ips')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        resource_id,
        association_id,
        instance_id,
        network_interface_id,

        -- strings
        resource_name,
        tags,
        public_ip,
        network_border_group,

        -- dates and timestamps
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
