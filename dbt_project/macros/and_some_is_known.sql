{#-
    A further condition where a cost can be unknown: some line knows it, or there is no line. Over
    lines with `line_count` and `unknown_effective_count`; of other costs, nothing.
-#}
{% macro and_some_is_known(cost, condition) -%}
    {%- if cost == 'effective_cost' -%}
        and (
            sum(case when {{ condition }} then line_count else 0 end) = 0
            or sum(case when {{ condition }} then line_count - unknown_effective_count end) > 0
        )
    {%- endif -%}
{%- endmacro %}
