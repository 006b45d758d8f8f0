{{ config(materialized='incremental') }}

with

lines as (

    select * from {{ ref('fct_cost_lines') }}
    where {{ in_changed_partitions() }}

),

daily_costs as (

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
        resource_id,
        charge_category,
        pricing_category,
        commitment_discount_status,
        billing_currency,
        {{ x_sum('billed_cost') }} as billed_cost,
        {{ x_sum('effective_cost') }} as effective_cost,
        {{ x_sum('list_cost') }} as list_cost,
        {{ x_sum('contracted_cost') }} as contracted_cost,
        {{ x_sum(of_commitment_purchases('list_cost')) }} as commitment_purchase_list_cost,
        {{ x_sum(of_commitment_purchases('contracted_cost')) }}
            as commitment_purchase_contracted_cost,
        tags,
        {{ x_count() }} - {{ x_count('effective_cost') }} as unknown_effective_count,
        {{ x_count() }} - {{ x_count('list_cost') }} as unknown_list_count,
        {{ x_count() }} - {{ x_count('contracted_cost') }} as unknown_contracted_count,
        {{ x_count() }} as line_count,
        load_version

    from lines
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
        resource_id,
        charge_category,
        pricing_category,
        commitment_discount_status,
        billing_currency,
        tags,
        load_version

),

keyed_costs as (

    select
        {{ surrogate_key([
            'tenant_id',
            'connection_id',
            'provider',
            'charge_date',
            'billing_period',
            'sub_account_id',
            'service_name',
            'service_category',
            'region_id',
            'resource_id',
            'charge_category',
            'pricing_category',
            'commitment_discount_status',
            'billing_currency',
            'tags',
        ]) }} as cost_daily_id,
        daily_costs.*

    from daily_costs

)

select * from keyed_costs
