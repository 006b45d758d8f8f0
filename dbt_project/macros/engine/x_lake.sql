{#-
    A landed table of one partner, every partition of it, with the partition columns as text.

    Before anything has landed there is no file to read: the relation is then empty and has the
    columns that the source declares.
-#}
{% macro x_lake(landed) -%}
    {{ return(adapter.dispatch('x_lake')(landed)) }}
{%- endmacro %}

{% macro duckdb__x_lake(landed) -%}
    {%- set files -%}
        {{ var('lake') }}/partner_id={{ var('partner_id') }}/tenant_id=*/{{ landed.identifier }}
        {{- '/connection_id=*/billing_period=*/data.parquet' -}}
    {%- endset -%}
    {%- set files = files | replace("'", "''") -%}
    {%- if execute and not run_query("select 1 from glob('" ~ files ~ "') limit 1") -%}
        {{ empty_source(landed) }}
    {%- else -%}
        read_parquet('{{ files }}', hive_partitioning = true, hive_types_autocast = false)
    {%- endif -%}
{%- endmacro %}
