{#-
    The tenant and partition of every landed file of a table, those of files without rows among them.

    Args:
        landed: The source; it has one partition column below the tenant, which `meta` names.
        partition: That column.
-#}
{% macro x_lake_partitions(landed, partition) -%}
    {{ return(adapter.dispatch('x_lake_partitions')(landed, partition)) }}
{%- endmacro %}

{% macro duckdb__x_lake_partitions(landed, partition) -%}
    (
        select
            regexp_extract(file, 'tenant_id=([^/]+)/', 1) as tenant_id,
            regexp_extract(file, '{{ partition }}=([^/]+)/', 1) as {{ partition }}
        from glob('{{ lake_files(landed, [partition]) }}')
        where {{ is_tenant_kept() }}
    )
{%- endmacro %}
