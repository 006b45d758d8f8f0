{#- Pin a rank or a sum of counts to BIGINT: engines answer INTEGER, BIGINT or wider. -#}
{% macro x_big(expression) -%}
    cast({{ expression }} as bigint)
{%- endmacro %}
