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
        {% for unknown in unknowns %}
            count(*) - count({{ unknown }}_cost) as unknown_{{ unknown }}_count,
        {% endfor %}
        {% for amount in amounts %}
            {{ x_sum(amount) }} as {{ amount }},
        {% endfor %}
        count(*) as line_count

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
        {% for unknown in unknowns %}
            count(*) - count({{ unknown }}_cost) as unknown_{{ unknown }}_count,
        {% endfor %}
        {% for amount in amounts %}
            {{ x_sum(amount) }} as {{ amount }},
        {% endfor %}
        count(*) as line_count

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
            {% for unknown in unknowns %}
                sum(unknown_{{ unknown }}_count) as unknown_{{ unknown }}_count,
            {% endfor %}
            {% for amount in amounts %}
                {{ x_sum(amount) }} as {{ amount }},
            {% endfor %}
            sum(line_count) as line_count

        from {{ ref(mart) }}
        where {{ in_unverified_partitions() }}
        group by
            tenant_id,
            connection_id,
            billing_period,
            billing_currency

    ),

{% endfor %}
totals as (

    {% for mart in ['lines', 'fct_cost_daily', 'fct_cost_summary_daily'] %}
        select
            '{{ mart }}' as mart,
            *,
            1 as side

        from expected
        union all
        select
            '{{ mart }}' as mart,
            *,
            -1 as side

        from {{ mart }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

differences as (

    select
        mart,
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        {% for unknown in unknowns %}
            sum(side * unknown_{{ unknown }}_count) as unknown_{{ unknown }}_difference,
        {% endfor %}
        {% for amount in amounts %}
            sum(case when side = 1 then {{ amount }} else -{{ amount }} end)
                as {{ amount }}_difference,
        {% endfor %}
        sum(side * line_count) as line_count_difference

    from totals
    group by
        mart,
        tenant_id,
        connection_id,
        billing_period,
        billing_currency

)

select * from differences
where
    line_count_difference <> 0
    {% for unknown in unknowns %}
        or unknown_{{ unknown }}_difference <> 0
    {% endfor %}
    {% for amount in amounts %}
        or {{ amount }}_difference <> 0
    {% endfor %}
