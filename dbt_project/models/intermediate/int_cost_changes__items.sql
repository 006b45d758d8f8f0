{{ config(materialized='table') }}
{%- set mover = [
    'tenant_id', 'provider', 'sub_account_id', 'service_name', 'billing_currency', 'current_end_date',
] -%}

with

connections as (

    select * from {{ ref('int_connections') }}

),

costs as (

    select * from {{ ref('int_costs') }}
    where {{ in_recent_partitions(14) }}

),

costs_by_week as (

    select
        costs.*,
        connections.last_complete_date as current_end_date,
        costs.charge_date > {{ x_date_add('connections.last_complete_date', -7) }} as is_current,
        costs.charge_category = 'Usage' as is_usage

    from costs
    inner join connections
        on
            costs.tenant_id = connections.tenant_id
            and costs.connection_id = connections.connection_id
    where
        connections.has_two_weeks
        and costs.effective_cost is not null
        and costs.charge_date
        between connections.two_weeks_start_date and connections.last_complete_date

),

items as (

    select
        {{ mover | join(',\n        ') }},
        resource_id,
        usage_type,
        pricing_unit,
        is_usage,
        max(resource_name) as resource_name,
        max(charge_category) as charge_category,
        {{ x_count('case when is_current then 1 end') }} as current_line_count,
        {{ x_count('case when not is_current then 1 end') }} as previous_line_count,
        {{ x_count('case when pricing_quantity is null then 1 end') }} as unknown_quantity_count,
        {{ x_sum('case when is_current then pricing_quantity end') }} as current_quantity,
        {{ x_sum('case when not is_current then pricing_quantity end') }} as previous_quantity,
        {{ x_sum('case when is_current then effective_cost end') }} as current_cost,
        {{ x_sum('case when not is_current then effective_cost end') }} as previous_cost

    from costs_by_week
    group by
        {{ mover | join(',\n        ') }},
        resource_id,
        usage_type,
        pricing_unit,
        is_usage

),

lifetimes as (

    select
        items.*,
        current_cost - previous_cost as change_cost,
        sum(previous_line_count) over (partition by {{ mover | join(', ') }}, resource_id)
            as resource_previous_line_count,
        sum(current_line_count) over (partition by {{ mover | join(', ') }}, resource_id)
            as resource_current_line_count

    from items

),

kinds as (

    select
        lifetimes.*,
        case
            when not is_usage then 'rest'
            when resource_id is not null and resource_previous_line_count = 0 then 'new'
            when resource_id is not null and resource_current_line_count = 0 then 'gone'
            when unknown_quantity_count > 0 then 'rest'
            when current_quantity < 0 or previous_quantity < 0 then 'rest'
            when current_quantity = 0 and previous_quantity = 0 then 'rest'
            when current_quantity = 0 or previous_quantity = 0 then 'usage'
            else 'usage and price'
        end as kind,
        {{ x_mul(
            'previous_cost',
            x_div('current_quantity - previous_quantity', 'previous_quantity', 8)
        ) }} as cost_of_more_usage

    from lifetimes

),

changes as (

    select
        {{ mover | join(',\n        ') }},
        resource_id,
        resource_name,
        usage_type,
        charge_category,
        current_cost,
        previous_cost,
        change_cost,
        case when kind = 'new' then change_cost else 0 end as change_from_new_resources,
        case when kind = 'gone' then change_cost else 0 end as change_from_gone_resources,
        case
            when kind = 'usage' then change_cost
            when kind = 'usage and price' then coalesce(cost_of_more_usage, 0)
            else 0
        end as change_from_usage,
        case
            when kind = 'usage and price' and cost_of_more_usage is not null
                then change_cost - cost_of_more_usage
            else 0
        end as change_from_price,
        case
            when kind = 'rest' or (kind = 'usage and price' and cost_of_more_usage is null)
                then change_cost
            else 0
        end as change_from_rest

    from kinds

)

select * from changes
