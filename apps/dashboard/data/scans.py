"""What was scanned when, which places could not be read, and what to do about them."""

import pandas as pd

from apps.dashboard.data.source import Source, cached, query_frame

READ = "('complete', 'disabled')"


@cached
def load_scans(source: Source) -> pd.DataFrame:
    """Return one row per scanned connection: its last scan, what that saw and could not read."""
    return query_frame(
        source,
        f"""
        with ranked as (
            select
                *,
                max(started_at) over (partition by tenant_id, connection_id)
                    as last_started_at
            from fct_scan_coverage
        ),
        last_scans as (
            select
                tenant_id, connection_id,
                any_value(provider) as provider,
                max(scan_id) as scan_id,
                max(requested_by) as requested_by,
                min(started_at) as started_at,
                max(finished_at) as finished_at,
                cast(sum(resource_count) filter (where table_name <> 'utilization_daily')
                    as bigint) as resource_count,
                cast(sum(call_count) as bigint) as call_count
            from ranked
            where started_at = last_started_at
            group by tenant_id, connection_id
        ),
        places as (
            select
                tenant_id, connection_id,
                count(*) as place_count,
                count(*) filter (where status = 'complete') as complete_count,
                count(*) filter (where status = 'disabled') as disabled_count,
                count(*) filter (where status not in {READ}) as unread_count
            from fct_scan_coverage
            where is_latest
            group by tenant_id, connection_id
        )
        select last_scans.*, place_count, complete_count, disabled_count, unread_count
        from last_scans
        inner join places
            on
                last_scans.tenant_id = places.tenant_id
                and last_scans.connection_id = places.connection_id
        order by unread_count desc, last_scans.tenant_id, last_scans.connection_id
        """,
    )


@cached
def load_unread(source: Source, tenant: str = "", connection: str = "") -> pd.DataFrame:
    """Return why places were not read and who must do what: one row per reason.

    `held_from` is the newest day of which every such place still has complete resources.
    """
    return query_frame(
        source,
        f"""
        with complete as (
            select
                tenant_id, connection_id, sub_account_id, region_id, table_name,
                max(snapshot_date) as held_from
            from fct_scan_coverage
            where status = 'complete'
            group by all
        )
        select
            places.tenant_id, places.connection_id, places.sub_account_id, places.status,
            places.error_code, places.message, places.action,
            count(*) as place_count,
            list_sort(list(distinct coalesce(places.region_id, '*'))) as regions,
            list_sort(list(distinct places.table_name)) as table_names,
            case when count(complete.held_from) = count(*) then min(complete.held_from) end
                as held_from
        from fct_scan_coverage as places
        left join complete
            on
                places.tenant_id = complete.tenant_id
                and places.connection_id = complete.connection_id
                and places.sub_account_id is not distinct from complete.sub_account_id
                and places.region_id is not distinct from complete.region_id
                and places.table_name = complete.table_name
        where
            places.is_latest
            and places.status not in {READ}
            and ($tenant = '' or places.tenant_id = $tenant)
            and ($connection = '' or places.connection_id = $connection)
        group by
            places.tenant_id, places.connection_id, places.sub_account_id, places.status,
            places.error_code, places.message, places.action
        order by places.tenant_id, places.connection_id, place_count desc, places.message
        """,
        {"tenant": tenant, "connection": connection},
    )


@cached
def load_coverage(source: Source, tenant: str, connection: str) -> pd.DataFrame:
    """Return the places of one connection, one row per sub account, region and table."""
    return query_frame(
        source,
        """
        select
            coalesce(sub_account_id, '') as sub_account_id,
            coalesce(region_id, '*') as region_id, table_name, status,
            resource_count, call_count, snapshot_date, message, action, finished_at
        from fct_scan_coverage
        where is_latest and tenant_id = $tenant and connection_id = $connection
        order by sub_account_id, region_id, table_name
        """,
        {"tenant": tenant, "connection": connection},
    )
