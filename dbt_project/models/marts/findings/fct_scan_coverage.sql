with

scopes as (

    select * from {{ ref('stg_scan_scopes') }}

),

dated as (

    -- a scan answers its whole connection; one that failed before it knew the sub accounts names
    -- none
    select
        scopes.*,
        max(snapshot_date) over (
            partition by tenant_id, connection_id, sub_account_id, region_id, table_name
        ) as last_answered_date,
        max(case when sub_account_id <> '*' then snapshot_date end) over (
            partition by tenant_id, connection_id
        ) as last_named_date

    from scopes

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
        -- what a place refused is told until a later scan asks again, of whatever places
        snapshot_date = last_answered_date
        and (
            status = 'complete'
            or snapshot_date >= coalesce(last_named_date, snapshot_date)
        ) as is_latest

    from dated

)

select * from coverage
