{#-
    A landed table of one partner, every partition of it, with the partition columns as text.

    Its source names the partitions below the tenant in `meta`; cost tables, which name none, lie by
    connection and billing period. Before anything has landed there is no file to read: the relation
    is then empty and has the columns that the source declares. So it has where partitions differ in
    their columns, even if no landed file holds a column that was declared later.
-#}
{% macro x_lake(landed) -%}
    {{ return(adapter.dispatch('x_lake')(landed)) }}
{%- endmacro %}

{% macro duckdb__x_lake(landed) -%}
    {%- set ns = namespace(partitions=['connection_id', 'billing_period'], is_by_name=false) -%}
    {%- for node in (graph.sources.values() if execute else []) -%}
        {%- if node.name == landed.identifier and 'partitions' in node.config.meta -%}
            {%- set ns.partitions = node.config.meta.partitions -%}
            {%- set ns.is_by_name = true -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set files = lake_files(landed, ns.partitions) -%}
    {%- if execute and not run_query("select 1 from glob('" ~ files ~ "') limit 1") -%}
        {{ empty_source(landed) }}
    {%- else -%}
        {%- set landed_files -%}
            read_parquet(
                '{{ files }}',
                hive_partitioning = true,
                hive_types_autocast = false,
                union_by_name = {{ ns.is_by_name | lower }}
            )
        {%- endset -%}
        {%- if var('left_out_tenants') -%}
            {%- set landed_files -%}
                (select * from {{ landed_files }} where {{ is_tenant_kept() }})
            {%- endset -%}
        {%- endif -%}
        {%- if ns.is_by_name -%}
            (
                select * from {{ landed_files }}
                union all by name
                select * from {{ empty_source(landed) }}
            )
        {%- else -%}
            {{ landed_files }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
