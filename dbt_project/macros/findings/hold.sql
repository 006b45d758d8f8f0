{#- Whether all conditions hold, on metrics that cover enough of the window. -#}
{% macro hold(conditions) -%}
    {%- for condition in conditions -%}
        {%- set holds = condition.value ~ ' ' ~ condition.comparison ~ ' ' ~ condition.threshold -%}
        {%- if condition.is_optional -%}
            ({{ condition.value }} is null or {{ holds }})
        {%- else -%}
            {{ holds }}
            {%- if condition.metrics and condition.is_covered %}
                and {{ coverage_ratio(condition.metrics) }} >= min_coverage_ratio
            {%- endif %}
        {%- endif -%}
        {{- ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
