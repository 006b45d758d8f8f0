{#- The figures and thresholds of the conditions, by name, for the rule's sentence. -#}
{% macro figures(conditions) -%}
    {%- set entries = {} -%}
    {%- for condition in conditions -%}
        {%- set value = figure_text(condition.value) -%}
        {%- if condition.is_optional -%}
            {%- set value = 'coalesce(' ~ value ~ " || ' " ~ condition.unit ~ "', 'unknown, not measured')" -%}
        {%- endif -%}
        {%- do entries.update({condition.name: value}) -%}
        {%- if condition.metrics -%}
            {%- do entries.update({'window_days': figure_text('window_days')}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ x_json_object(entries) }}
{%- endmacro %}
