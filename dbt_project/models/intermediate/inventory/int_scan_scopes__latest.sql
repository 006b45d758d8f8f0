{%- set patience_days = 14 -%}
{%- set is_long_ago -%}
    {{ x_date_add('complete_scopes.snapshot_date', patience_days) }} < tenants.scanned_date
{%- endset -%}
{{ config(materialized='table') }}

with

scopes as (

    select * from {{ ref('stg_scan_scopes') }}

),

complete_scopes as (

    select
        tenant_id,
        connection_id,
        sub_account_id,
        coalesce(nullif(region_id, ''), '*') as region_id,
        table_name,
        min(snapshot_date) as first_snapshot_date,
        max(snapshot_date) as snapshot_date

    from scopes
    where status = 'complete'
    group by
        tenant_id,
        connection_id,
        sub_account_id,
        coalesce(nullif(region_id, ''), '*'),
        table_name

),

accounts as (

    select
        tenant_id,
        connection_id,
        sub_account_id,
        max(snapshot_date) as named_date,
        max(
            case
                when
                    status = 'complete'
                    and table_name <> 'utilization_daily'
                    then snapshot_date
            end
        ) as read_date

    from scopes
    where sub_account_id <> '*'
    group by
        tenant_id,
        connection_id,
        sub_account_id

),

connections as (

    select
        tenant_id,
        connection_id,
        max(named_date) as named_date

    from accounts
    group by
        tenant_id,
        connection_id

),

tenants as (

    select
        tenant_id,
        max(snapshot_date) as scanned_date

    from scopes
    group by tenant_id

),

unread_accounts as (

    -- its connection does not name it any more, or nothing of it was read for long
    select accounts.*

    from accounts
    inner join connections
        on
            accounts.tenant_id = connections.tenant_id
            and accounts.connection_id = connections.connection_id
    inner join tenants
        on accounts.tenant_id = tenants.tenant_id
    where
        accounts.named_date < connections.named_date
        or {{ x_date_add('accounts.read_date', patience_days) }} < tenants.scanned_date

),

latest as (

    -- a first scan fetches 35 days of utilization, and 93 days are as long as both clouds keep them
    select
        complete_scopes.*,
        greatest(
            {{ x_date_add('complete_scopes.first_snapshot_date', -35) }},
            {{ x_date_add('complete_scopes.snapshot_date', -93) }}
        ) as known_from_date,
        {{ x_date_add('complete_scopes.snapshot_date', -1) }} as known_until_date,
        coalesce(
            unread_accounts.read_date,
            case when {{ is_long_ago }} then complete_scopes.snapshot_date end
        ) as unread_since_date,
        unread_accounts.tenant_id is null and {{ is_long_ago }} as is_list_unread

    from complete_scopes
    inner join tenants
        on complete_scopes.tenant_id = tenants.tenant_id
    left outer join unread_accounts
        on
            complete_scopes.tenant_id = unread_accounts.tenant_id
            and complete_scopes.connection_id = unread_accounts.connection_id
            and complete_scopes.sub_account_id = unread_accounts.sub_account_id

)

select * from latest
