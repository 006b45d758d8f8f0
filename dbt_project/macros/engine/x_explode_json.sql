{#-
    One row per key of a JSON object held as text, beside the named columns: `tag_key`, `tag_value`.
    Text that is no JSON object gives no row.
-#}
{% macro x_explode_json(relation, columns, json) -%}
    {{ return(adapter.dispatch('x_explode_json')(relation, columns, json)) }}
{%- endmacro %}

{% macro duckdb__x_explode_json(relation, columns, json) -%}
    select
        {{ columns | join(', ') }},
        entry.key as tag_key,
        entry.value as tag_value

    from (
        select
            {{ columns | join(', ') }},
            unnest(
                map_entries(try_cast(try_cast({{ json }} as json) as map(varchar, varchar)))
            ) as entry

        from {{ relation }}
    )
{%- endmacro %}
