{#-
    A condition that holds in the snapshots of a table that are the latest complete ones of some
    region, so that the engine leaves all other files unread.
-#}
{% macro in_latest_snapshots(table_name) -%}
    {%- set scopes = ref('int_scan_scopes__latest') -%}
    {%- if not execute -%}
        {{ return('true') }}
    {%- endif -%}
    {%- set query -%}
        select distinct
            connection_id,
            cast(snapshot_date as varchar) as snapshot_date
        from {{ scopes }}
        where table_name = '{{ table_name }}'
        order by
            connection_id asc nulls last,
            snapshot_date asc nulls last
    {%- endset -%}
    {%- set partitions = run_query(query).rows -%}
    {%- if not partitions -%}
        {{ return('false') }}
    {%- endif -%}
    connection_id in ('{{ partitions | map(attribute=0) | unique | join("', '") }}')
    and cast(snapshot_date as varchar) in (
        '{{ partitions | map(attribute=1) | unique | join("', '") }}'
    )
{%- endmacro %}
