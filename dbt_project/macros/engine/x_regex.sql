{#- The first group of the first match of a pattern; null where nothing matches. -#}
{% macro x_regex(expression, pattern) -%}
    {{ return(adapter.dispatch('x_regex')(expression, pattern)) }}
{%- endmacro %}

{% macro duckdb__x_regex(expression, pattern) -%}
    nullif(regexp_extract({{ expression }}, '{{ pattern }}', 1), '')
{%- endmacro %}
