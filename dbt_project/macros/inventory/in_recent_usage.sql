{#- A condition that holds in the last days before the latest scan of any connection. -#}
{% macro in_recent_usage(days) -%}
    {%- set scopes = ref('int_scan_scopes__latest') -%}
    {%- if not execute -%}
        {{ return('true') }}
    {%- endif -%}
    {%- set query -%}
        select cast({{ x_date_add('max(snapshot_date)', -days) }} as varchar) from {{ scopes }}
    {%- endset -%}
    {%- set first_day = run_query(query).rows[0][0] -%}
    {{ return("cast(usage_date as varchar) >= '" ~ first_day ~ "'" if first_day else 'false') }}
{%- endmacro %}
