{#- A date some months later. -#}
{% macro x_month_add(day, months) -%}
    {{ return(adapter.dispatch('x_month_add')(day, months)) }}
{%- endmacro %}

{% macro duckdb__x_month_add(day, months) -%}
    cast({{ day }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}
