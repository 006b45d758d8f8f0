{#- What is counted of a resource, over all findings, is never more than the resource cost. -#}
with

claims as (

    select * from {{ ref('int_savings__claims') }}

),

resource_costs as (

    select * from {{ ref('int_resource_costs__trailing_30_days') }}

),

counted as (

    select
        tenant_id,
        claimed_resource_id,
        billing_currency,
        {{ x_sum('claimed_cost') }} as counted_cost

    from claims
    where claim_rank = 1
    group by
        tenant_id,
        claimed_resource_id,
        billing_currency

),

excesses as (

    select counted.*

    from counted
    left outer join resource_costs
        on
            counted.tenant_id = resource_costs.tenant_id
            and counted.claimed_resource_id = resource_costs.resource_id
            and counted.billing_currency = resource_costs.billing_currency
    where
        resource_costs.resource_id is null
        or counted.counted_cost > greatest(resource_costs.effective_cost_30d, 0)

)

select * from excesses
