with

scopes as (

    select * from {{ ref('stg_scan_scopes') }}

),

coverage as (

    select
        tenant_id,
        provider,
        connection_id,
        snapshot_date,
        scan_id,
        sub_account_id,
        region_id,
        table_name,
        status,
        resource_count,
        call_count,
        error_code,
        message,
        action,
        requested_by,
        started_at,
        finished_at,
        snapshot_date = max(snapshot_date) over (
            partition by tenant_id, connection_id, sub_account_id, region_id, table_name
        ) as is_latest

    from scopes

)

select * from coverage
