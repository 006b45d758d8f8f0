{#- A count as BIGINT on every engine. -#}
{% macro x_count(expression='*') -%}
    cast(count({{ expression }}) as bigint)
{%- endmacro %}
