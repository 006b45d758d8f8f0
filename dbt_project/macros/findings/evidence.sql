{#- The figures of the conditions as the text of a JSON list. -#}
{% macro evidence(conditions) -%}
    '['
    {%- for condition in conditions %}
        || {{ x_json_object({
            'name': sql_text(condition.name | replace('_', ' ')),
            'statistic': sql_text(condition.statistic) if condition.statistic else 'null',
            'value': 'round(cast(' ~ condition.value ~ ' as double), 4)',
            'unit': sql_text(condition.unit),
            'comparison': sql_text(condition.comparison),
            'threshold': 'cast(' ~ condition.threshold ~ ' as double)',
            'window_days': 'cast(window_days as integer)' if condition.metrics else 'null',
            'coverage_ratio': 'round(' ~ coverage_ratio(condition.metrics) ~ ', 4)'
                if condition.metrics else 'null',
        }) }}
        {{- " || ','" if not loop.last }}
    {%- endfor %}
    || ']'
{%- endmacro %}
