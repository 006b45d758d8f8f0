{{ config(materialized='incremental') }}

with

daily_costs as (

    select * from {{ ref('fct_cost_daily') }}
    where {{ in_changed_partitions() }}

),

summary as (

    select
        tenant_id,
        connection_id,
        provider,
        charge_date,
        billing_period,
        sub_account_id,
        service_name,
        service_category,
        region_id,
        charge_category,
        pricing_category,
        commitment_discount_status,
        billing_currency,
        {{ x_sum('billed_cost') }} as billed_cost,
        {{ x_sum('effective_cost') }} as effective_cost,
        {{ x_sum('list_cost') }} as list_cost,
        {{ x_sum('contracted_cost') }} as contracted_cost,
        {{ x_sum('commitment_purchase_list_cost') }} as commitment_purchase_list_cost,
        {{ x_sum('commitment_purchase_contracted_cost') }} as commitment_purchase_contracted_cost,
        {{ x_big('sum(unknown_effective_count)') }} as unknown_effective_count,
        {{ x_big('sum(unknown_list_count)') }} as unknown_list_count,
        {{ x_big('sum(unknown_contracted_count)') }} as unknown_contracted_count,
        {{ x_big('sum(line_count)') }} as line_count,
        load_version

    from daily_costs
    group by
        tenant_id,
        connection_id,
        provider,
        charge_date,
        billing_period,
        sub_account_id,
        service_name,
        service_category,
        region_id,
        charge_category,
        pricing_category,
        commitment_discount_status,
        billing_currency,
        load_version

)

select * from summary
