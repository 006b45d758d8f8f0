{#
    A view of one statement.

    dbt's own way is five: create under another name, rename the old view, rename the new one, drop
    the old, and look each up. DuckDB replaces a view in a transaction, and most of a small build's
    time was spent on those steps. What those would add and this does not is refused.
#}
{%- materialization view, adapter='duckdb' -%}

    {%- if config.get('contract').enforced or config.persist_relation_docs()
        or pre_hooks or post_hooks -%}
        {{ exceptions.raise_compiler_error(
            this ~ ' is a view with a contract, persisted descriptions or hooks, which views here '
            'do not have: make it a table'
        ) }}
    {%- endif -%}
    {%- set relation = this.incorporate(type='view') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none and not existing.is_view -%}
        {{ adapter.drop_relation(existing) }}
    {%- endif -%}

    {%- call statement('main') -%}
        create or replace view {{ relation }} as (
            {{ sql }}
        )
    {%- endcall -%}

    {{ adapter.commit() }}
    {{ return({'relations': [relation]}) }}

{%- endmaterialization -%}
