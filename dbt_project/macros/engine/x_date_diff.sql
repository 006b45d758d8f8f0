{#- Days from the first date to the second. -#}
{% macro x_date_diff(first_day, second_day) -%}
    {{ return(adapter.dispatch('x_date_diff')(first_day, second_day)) }}
{%- endmacro %}

{% macro duckdb__x_date_diff(first_day, second_day) -%}
    cast(date_diff('day', {{ first_day }}, {{ second_day }}) as integer)
{%- endmacro %}
