{#-
    The last known value of a text column by date; of several on that date the greatest, so that
    every run gives the same.
-#}
{% macro x_latest(expression, day) -%}
    max_by(
        {{ expression }},
        case when {{ expression }} is not null then cast({{ day }} as varchar) || {{ expression }} end
    )
{%- endmacro %}
