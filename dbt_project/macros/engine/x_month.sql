{#- The month of a date as text, `2026-01`. -#}
{% macro x_month(day) -%}
    substring(cast({{ day }} as varchar), 1, 7)
{%- endmacro %}
