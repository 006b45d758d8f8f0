{#- The distinct texts of a group in order, with a separator; null where there are none. -#}
{% macro x_listagg(expression, separator) -%}
    {{ return(adapter.dispatch('x_listagg')(expression, separator)) }}
{%- endmacro %}

{% macro duckdb__x_listagg(expression, separator) -%}
    string_agg(distinct {{ expression }}, '{{ separator }}' order by {{ expression }})
{%- endmacro %}
