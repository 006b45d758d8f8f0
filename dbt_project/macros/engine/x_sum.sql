{#-
    The exact sum of an amount, zero over no known value; pinned to the amounts' own type, which
    engines widen differently.
-#}
{% macro x_sum(expression) -%}
    cast(coalesce(sum({{ expression }}), 0) as decimal(38, 20))
{%- endmacro %}
