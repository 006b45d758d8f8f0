{#- No mart holds a partition, or a version of one, that is not landed. -#}
{%- set marts = [
    'fct_cost_lines', 'fct_cost_daily', 'fct_cost_summary_daily', 'fct_rejected_lines',
] -%}

with

landed as (

    select
        tenant_id,
        connection_id,
        billing_period,
        load_version

    from {{ ref('int_partitions') }}

),

held as (

    {% for mart in marts %}
        select distinct
            '{{ mart }}' as mart,
            tenant_id,
            connection_id,
            billing_period,
            load_version

        from {{ ref(mart) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

strays as (

    select held.*

    from held
    left outer join landed
        on
            held.tenant_id = landed.tenant_id
            and held.connection_id = landed.connection_id
            and held.billing_period = landed.billing_period
            and held.load_version = landed.load_version
    where landed.tenant_id is null

)

select * from strays
