{#- No step from the landed lines to the marts adds or loses a line or a cent. -#}
{%- set amounts = ['billed_cost', 'effective_cost', 'list_cost', 'contracted_cost'] -%}
{%- set unknowns = ['effective', 'list', 'contracted'] -%}

with

partitions as (

    select * from {{ ref('int_partitions') }}

),

landed as (

    select
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        count(*) as line_count,
        {% for unknown in unknowns %}
            count(*) - count({{ unknown }}_cost) as unknown_{{ unknown }}_count,
        {% endfor %}
        {% for amount in amounts %}
            {{ x_sum(amount) }} as {{ amount }}{{ ',' if not loop.last }}
        {% endfor %}

    from {{ ref('stg_cost_lines') }}
    where {{ in_unverified_partitions() }}
    group by
        tenant_id,
        connection_id,
        billing_period,
        billing_currency

),

expected as (

    select landed.*

    from landed
    inner join partitions
        on
            landed.tenant_id = partitions.tenant_id
            and landed.connection_id = partitions.connection_id
            and landed.billing_period = partitions.billing_period

),

lines as (

    select
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        count(*) as line_count,
        {% for unknown in unknowns %}
            count(*) - count({{ unknown }}_cost) as unknown_{{ unknown }}_count,
        {% endfor %}
        {% for amount in amounts %}
            {{ x_sum(amount) }} as {{ amount }}{{ ',' if not loop.last }}
        {% endfor %}

    from {{ ref('fct_cost_lines') }}
    where {{ in_unverified_partitions() }}
    group by
        tenant_id,
        connection_id,
        billing_period,
        billing_currency

),

{% for mart in ['fct_cost_daily', 'fct_cost_summary_daily'] %}
    {{ mart }} as (

        select
            tenant_id,
            connection_id,
            billing_period,
            billing_currency,
            sum(line_count) as line_count,
            {% for unknown in unknowns %}
                sum(unknown_{{ unknown }}_count) as unknown_{{ unknown }}_count,
            {% endfor %}
            {% for amount in amounts %}
                {{ x_sum(amount) }} as {{ amount }}{{ ',' if not loop.last }}
            {% endfor %}

        from {{ ref(mart) }}
        where {{ in_unverified_partitions() }}
        group by
            tenant_id,
            connection_id,
            billing_period,
            billing_currency

    ),

{% endfor %}
differences as (

    {% for mart in ['lines', 'fct_cost_daily', 'fct_cost_summary_daily'] %}
        (select '{{ mart }}' as mart, * from expected except select '{{ mart }}' as mart, * from {{ mart }})
        union all
        (select '{{ mart }}' as mart, * from {{ mart }} except select '{{ mart }}' as mart, * from expected)
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from differences
