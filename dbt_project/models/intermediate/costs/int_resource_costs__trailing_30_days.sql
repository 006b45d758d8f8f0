{{ config(materialized='table') }}

with

connections as (

    select * from {{ ref('int_connections') }}

),

costs as (

    select * from {{ ref('int_costs') }}
    where {{ in_recent_partitions(30) }}

),

recent_costs as (

    select
        costs.tenant_id,
        costs.connection_id,
        costs.resource_id,
        costs.billing_currency,
        costs.charge_date,
        costs.effective_cost,
        connections.last_complete_date as bill_end_date,
        {{ is_transfer('costs') }} as is_transfer,
        coalesce(costs.usage_type, '') like '%PublicIPv4:IdleAddress%' as is_idle_address,
        costs.commitment_discount_id is null
        and {{ is_uncovered('costs') }} as is_uncovered

    from costs
    inner join connections
        on
            costs.tenant_id = connections.tenant_id
            and costs.connection_id = connections.connection_id
    where
        costs.charge_date > {{ x_date_add('connections.last_complete_date', -30) }}
        and costs.charge_date <= connections.last_complete_date

),

bills as (

    select
        tenant_id,
        connection_id,
        min(charge_date) as start_date

    from recent_costs
    group by
        tenant_id,
        connection_id

),

in_use_addresses as (

    select
        tenant_id,
        resource_id,
        max(charge_date) as last_in_use_date

    from recent_costs
    where not is_idle_address
    group by
        tenant_id,
        resource_id

),

resource_costs as (

    select
        recent_costs.tenant_id,
        recent_costs.resource_id,
        recent_costs.billing_currency,
        max(recent_costs.connection_id) as connection_id,
        max(recent_costs.bill_end_date) as bill_end_date,
        {{ x_date_diff(
            'min(bills.start_date)', 'max(recent_costs.bill_end_date)'
        ) }} + 1 as bill_day_count,
        {{ x_count('distinct recent_costs.charge_date') }} as charge_day_count,
        {{ x_count(
            'distinct case when recent_costs.is_idle_address and recent_costs.charge_date'
            ~ " > coalesce(in_use_addresses.last_in_use_date, cast('1970-01-01' as date))"
            ~ ' then recent_costs.charge_date end'
        ) }} as idle_address_day_count,
        max(in_use_addresses.last_in_use_date) as last_billed_use_date,
        {{ x_sum('recent_costs.effective_cost') }} as effective_cost_30d,
        {{ x_sum('case when recent_costs.is_uncovered then recent_costs.effective_cost end') }}
            as uncovered_cost_30d,
        {{ x_sum(
            'case when recent_costs.is_uncovered and not recent_costs.is_transfer'
            ~ ' then recent_costs.effective_cost end'
        ) }} as uncovered_capacity_cost_30d

    from recent_costs
    inner join bills
        on
            recent_costs.tenant_id = bills.tenant_id
            and recent_costs.connection_id = bills.connection_id
    left outer join in_use_addresses
        on
            recent_costs.tenant_id = in_use_addresses.tenant_id
            and recent_costs.resource_id = in_use_addresses.resource_id
    where recent_costs.resource_id is not null
    group by
        recent_costs.tenant_id,
        recent_costs.resource_id,
        recent_costs.billing_currency

)

select * from resource_costs
