{#-
    A condition that holds in the partitions whose landed version this incremental model does not
    hold yet; everywhere when the model is built whole.

    Each model is asked for what it holds itself, so a build that was killed half way goes on
    where it stopped. A version that a whole build verified and that is not held has no rows here.
-#}
{% macro in_changed_partitions() -%}
    {%- set partitions = ref('int_partitions') -%}
    {%- if not execute or not is_incremental() -%}
        {{ return('true') }}
    {%- endif -%}
    {%- set verified = verified_partitions() -%}
    {%- set query -%}
        select
            landed.tenant_id,
            landed.connection_id,
            landed.billing_period
        from {{ partitions }} as landed
        left join (
            select distinct tenant_id, connection_id, billing_period, load_version from {{ this }}
            {% if verified is not none -%}
                union
                select tenant_id, connection_id, billing_period, load_version from {{ verified }}
            {%- endif %}
        ) as held
            on
                landed.tenant_id = held.tenant_id
                and landed.connection_id = held.connection_id
                and landed.billing_period = held.billing_period
                and landed.load_version = held.load_version
        where held.tenant_id is null
        order by
            landed.tenant_id asc nulls last,
            landed.connection_id asc nulls last,
            landed.billing_period asc nulls last
    {%- endset -%}
    {{ return(in_partitions(run_query(query).rows)) }}
{%- endmacro %}
