{#- The value of a key of a JSON object held as text, as text; null where there is none. -#}
{% macro x_json_get(json, key) -%}
    {{ return(adapter.dispatch('x_json_get')(json, key)) }}
{%- endmacro %}

{% macro duckdb__x_json_get(json, key) -%}
    json_extract_string(try_cast({{ json }} as json), '$."{{ key }}"')
{%- endmacro %}
