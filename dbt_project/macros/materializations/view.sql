{#
    A view of one statement.

    dbt's own way is five: create under another name, rename the old view, rename the new one, drop
    the old, and look each up. DuckDB replaces a view in a transaction, and most of a small build's
    time was spent on those steps.
#}
{%- materialization view, adapter='duckdb' -%}

    {%- set relation = this.incorporate(type='view') -%}

    {%- call statement('main') -%}
        create or replace view {{ relation }} as (
            {{ sql }}
        )
    {%- endcall -%}

    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}

{%- endmaterialization -%}
