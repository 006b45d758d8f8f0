{#- The text of a JSON object of the given expressions, by key. -#}
{% macro x_json_object(entries) -%}
    {{ return(adapter.dispatch('x_json_object')(entries)) }}
{%- endmacro %}

{% macro duckdb__x_json_object(entries) -%}
    cast(json_object(
        {%- for key, value in entries.items() %}
            '{{ key }}', {{ value }}{{ ',' if not loop.last }}
        {%- endfor %}
    ) as varchar)
{%- endmacro %}
