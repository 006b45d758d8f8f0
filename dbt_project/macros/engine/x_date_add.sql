{#- A date some days later. -#}
{% macro x_date_add(day, days) -%}
    {{ return(adapter.dispatch('x_date_add')(day, days)) }}
{%- endmacro %}

{% macro duckdb__x_date_add(day, days) -%}
    cast({{ day }} + to_days(cast({{ days }} as integer)) as date)
{%- endmacro %}
