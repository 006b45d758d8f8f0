with

source as (

    select * from {{ x_lake(source('lake', 'scan_scopes')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        scan_id,
        sub_account_id,
        region_id,

        -- strings
        provider,
        table_name,
        status,
        error_code,
        message,
        action,
        requested_by,

        -- numerics
        cast(resource_count as bigint) as resource_count,
        cast(call_count as bigint) as call_count,

        -- dates and timestamps
        started_at,
        finished_at,
        cast(snapshot_date as date) as snapshot_date

    from source

)

select * from renamed
