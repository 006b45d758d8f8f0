{#-
    Tables as dbt-duckdb makes them, but what an incremental model is about to insert is a view.

    A temporary table would write every new line twice. Nothing reads the view but that one insert,
    after the delete of the same transaction, and no model selects from what it replaces.
-#}
{%- macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) -%}
    {%- if temporary and config.get('materialized') == 'incremental' -%}
        create or replace temporary view {{ relation.include(database=false, schema=false) }} as (
            {{ compiled_code }}
        )
    {%- else -%}
        {{ dbt.duckdb__create_table_as(
            temporary, relation, compiled_code, language, partitioned_by, sorted_by
        ) }}
    {%- endif -%}
{%- endmacro -%}
