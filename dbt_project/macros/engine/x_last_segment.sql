{#- What follows the last `/` of a text. -#}
{% macro x_last_segment(expression) -%}
    {{ return(adapter.dispatch('x_last_segment')(expression)) }}
{%- endmacro %}

{% macro duckdb__x_last_segment(expression) -%}
    regexp_extract({{ expression }}, '[^/]+$')
{%- endmacro %}
