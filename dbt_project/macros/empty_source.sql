{#- A relation without rows that has the columns and types declared for a source. -#}
{% macro empty_source(landed) -%}
    {%- set nodes = graph.sources.values() | selectattr('name', 'equalto', landed.identifier) -%}
    (
        select
        {%- for column in (nodes | first).columns.values() %}
            cast(null as {{ column.data_type }}) as {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
        where false
    )
{%- endmacro %}
