{#- One row per item of a JSON list of texts held as text, beside the named columns: `item`. -#}
{% macro x_explode_list(relation, columns, json) -%}
    {{ return(adapter.dispatch('x_explode_list')(relation, columns, json)) }}
{%- endmacro %}

{% macro duckdb__x_explode_list(relation, columns, json) -%}
    select
        {{ columns | join(', ') }},
        unnest(try_cast(try_cast({{ json }} as json) as varchar[])) as item

    from {{ relation }}
{%- endmacro %}
