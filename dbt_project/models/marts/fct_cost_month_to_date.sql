with

connections as (

    select * from {{ ref('int_connections') }}

),

costs as (

    select * from {{ ref('fct_cost_summary_daily') }}

),

compared_costs as (

    -- charges dated before their period belong to its first days
    select
        connections.tenant_id,
        connections.connection_id,
        connections.provider,
        connections.billing_period,
        connections.last_complete_date,
        connections.days_elapsed,
        connections.days_in_month,
        connections.has_previous_month,
        costs.sub_account_id,
        costs.service_name,
        costs.billing_currency,
        costs.billed_cost,
        costs.effective_cost,
        costs.list_cost,
        costs.unknown_effective_count,
        costs.line_count,
        costs.billing_period = connections.billing_period
        and (connections.is_complete or costs.charge_date <= connections.last_complete_date)
            as is_current,
        costs.billing_period = connections.previous_billing_period
        and (connections.is_complete or costs.charge_date <= connections.previous_same_date)
            as is_previous,
        costs.billing_period = connections.previous_billing_period as is_previous_month

    from connections
    inner join costs
        on
            connections.tenant_id = costs.tenant_id
            and connections.connection_id = costs.connection_id
    where costs.billing_period in (connections.billing_period, connections.previous_billing_period)

),

month_to_date as (

    select
        tenant_id,
        connection_id,
        provider,
        sub_account_id,
        service_name,
        billing_currency,
        billing_period,
        last_complete_date as as_of_date,
        days_elapsed,
        {% for cost in ['billed_cost', 'effective_cost', 'list_cost'] %}
            {{ x_sum('case when is_current then ' ~ cost ~ ' end') }} as {{ cost }},
        {% endfor %}
        {% for cost in ['billed_cost', 'effective_cost', 'list_cost'] %}
            case
                when has_previous_month {{ and_some_is_known(cost, 'is_previous') }}
                    then {{ x_sum('case when is_previous then ' ~ cost ~ ' end') }}
            end as previous_{{ cost }},
        {% endfor %}
        {% for cost in ['billed_cost', 'effective_cost'] %}
            case
                when has_previous_month {{ and_some_is_known(cost, 'is_previous_month') }}
                    then {{ x_sum('case when is_previous_month then ' ~ cost ~ ' end') }}
            end as previous_month_{{ cost }},
        {% endfor %}
        {{ x_big('sum(case when is_current then unknown_effective_count else 0 end)') }}
            as unknown_effective_count,
        {{ x_big('sum(case when is_current then line_count else 0 end)') }} as line_count,
        days_in_month

    from compared_costs
    group by
        tenant_id,
        connection_id,
        provider,
        sub_account_id,
        service_name,
        billing_currency,
        billing_period,
        last_complete_date,
        days_elapsed,
        days_in_month,
        has_previous_month

)

select * from month_to_date
