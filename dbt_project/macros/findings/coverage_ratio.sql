{#- The least part of the window that the metrics of a condition cover; null without metrics. -#}
{% macro coverage_ratio(metrics) -%}
    {%- if metrics | length == 0 -%}
        cast(null as double)
    {%- elif metrics | length == 1 -%}
        coalesce({{ metrics[0] }}_coverage_ratio, 0)
    {%- else -%}
        least(
            {%- for metric in metrics -%}
                coalesce({{ metric }}_coverage_ratio, 0){{ ', ' if not loop.last }}
            {%- endfor -%}
        )
    {%- endif -%}
{%- endmacro %}
