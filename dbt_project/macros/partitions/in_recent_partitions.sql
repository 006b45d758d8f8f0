{#-
    A condition that holds in the partitions that may hold one of a connection's last complete
    days: those of the months in which these days lie.
-#}
{% macro in_recent_partitions(days) -%}
    {%- set partitions = ref('int_partitions') -%}
    {%- if not execute -%}
        {{ return('true') }}
    {%- endif -%}
    {%- set query -%}
        select
            partitions.tenant_id,
            partitions.connection_id,
            partitions.billing_period
        from {{ partitions }} as partitions
        inner join {{ partitions }} as latest
            on
                partitions.tenant_id = latest.tenant_id
                and partitions.connection_id = latest.connection_id
        where
            latest.is_latest_period
            and partitions.billing_period
            >= {{ x_month(x_date_add('latest.last_complete_date', 1 - days)) }}
        order by
            partitions.tenant_id asc nulls last,
            partitions.connection_id asc nulls last,
            partitions.billing_period asc nulls last
    {%- endset -%}
    {{ return(in_partitions(run_query(query).rows)) }}
{%- endmacro %}
