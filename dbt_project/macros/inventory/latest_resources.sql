{#-
    CTEs that end in `resources`: what exists by the latest complete snapshot of its region.

    A region that was denied or throttled keeps what its last complete scan saw; what a complete
    later scan did not see is gone, of whichever connection to its account. Each resource comes with the day of its snapshot, the whole days
    since it was created, who manages it, the last day on which its account or its list was read
    (null while both are), and the complete days before its snapshot in which no metric of it has a value (null where
    its region was not measured lately, and at most as many as are known).

    Args:
        table_name: The landed table; CTEs `snapshots`, `scopes` and `last_data` stand before.
        created: Column with the instant from which its age counts.
        description: Column with its description, if backup services leave their mark there.
-#}
{% macro latest_resources(table_name, created=none, description=none) -%}
newest_lists as (

    select
        tenant_id,
        sub_account_id,
        region_id,
        max(snapshot_date) as snapshot_date

    from scopes
    where table_name = '{{ table_name }}'
    group by
        tenant_id,
        sub_account_id,
        region_id

),

latest as (

    select
        snapshots.*,
        '{{ table_name }}' as resource_type,
        snapshots.snapshot_date as observed_date,
        scopes.unread_since_date,
        scopes.is_list_unread,
        utilization.known_from_date as utilization_start_date,
        utilization.known_until_date as utilization_end_date,
        last_data.last_data_date,
        row_number() over (
            partition by snapshots.tenant_id, snapshots.resource_id
            order by
                snapshots.snapshot_date desc nulls last,
                snapshots.connection_id asc nulls last,
                coalesce(utilization.region_id, '') asc nulls last
        ) as resource_rank

    from snapshots
    inner join scopes
        on
            snapshots.tenant_id = scopes.tenant_id
            and snapshots.connection_id = scopes.connection_id
            and snapshots.sub_account_id = scopes.sub_account_id
            and scopes.region_id in ('*', snapshots.region_id)
            and snapshots.snapshot_date = scopes.snapshot_date
            and scopes.table_name = '{{ table_name }}'
    inner join newest_lists
        on
            scopes.tenant_id = newest_lists.tenant_id
            and scopes.sub_account_id = newest_lists.sub_account_id
            and scopes.region_id = newest_lists.region_id
            and scopes.snapshot_date = newest_lists.snapshot_date
    left outer join scopes as utilization
        on
            snapshots.tenant_id = utilization.tenant_id
            and snapshots.connection_id = utilization.connection_id
            and snapshots.sub_account_id = utilization.sub_account_id
            and utilization.region_id in ('*', snapshots.region_id)
            and utilization.table_name = 'utilization_daily'
    left outer join last_data
        on
            snapshots.tenant_id = last_data.tenant_id
            and snapshots.resource_id = last_data.resource_id

),

resources as (

    select
        latest.*,
        {{ managed_by(description) }} as managing_service,
        {% if created -%}
            {{ x_date_diff('cast(' ~ created ~ ' as date)', 'observed_date') }} as age_days,
        {%- endif %}
        case
            when {{ is_measured_lately('latest') }}
                then
                    {{ x_date_diff(
                        'greatest(utilization_start_date, '
                        ~ x_date_add('last_data_date', 1)
                        ~ (
                            ', coalesce(cast(' ~ created ~ ' as date), utilization_start_date)'
                            if created else ''
                        )
                        ~ ')',
                        'least(utilization_end_date, ' ~ x_date_add('observed_date', -1) ~ ')'
                    ) }} + 1
        end as inactive_days

    from latest
    where resource_rank = 1

)
{%- endmacro %}
