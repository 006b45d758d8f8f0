{#-
    A condition that holds in the partitions whose landed version no successful build has tested.

    Data tests that read whole marts take it, so that an ordinary build tests what changed and a
    full refresh tests everything. They run after `int_partitions`, which every mart is built on;
    dbt lets no generic test name it with `ref`.
-#}
{% macro in_unverified_partitions() -%}
    {%- set partitions = adapter.get_relation(target.database, 'intermediate', 'int_partitions') -%}
    {%- if not execute or flags.FULL_REFRESH -%}
        {{ return('true') }}
    {%- endif -%}
    {%- set verified = verified_partitions() -%}
    {%- if verified is none -%}
        {{ return('true') }}
    {%- endif -%}
    {%- set query -%}
        select
            tenant_id,
            connection_id,
            billing_period
        from (
            select tenant_id, connection_id, billing_period, load_version from {{ partitions }}
            except
            select tenant_id, connection_id, billing_period, load_version from {{ verified }}
        )
        order by
            tenant_id asc nulls last,
            connection_id asc nulls last,
            billing_period asc nulls last
    {%- endset -%}
    {{ return(in_partitions(run_query(query).rows)) }}
{%- endmacro %}
