{{ config(materialized='incremental') }}

with

costs as (

    select * from {{ ref('int_costs') }}
    where {{ in_changed_partitions() }}

),

costs_by_resource as (

    select
        tenant_id,
        connection_id,
        billing_period,
        load_version,
        provider,
        billing_account_id,
        billing_account_name,
        sub_account_id,
        sub_account_name,
        service_name,
        service_category,
        region_id,
        resource_id,
        resource_name,
        resource_type,
        tags,
        billing_currency,
        min(charge_date) as first_charge_date,
        max(charge_date) as last_charge_date,
        {{ x_count() }} as line_count,
        {{ x_sum('effective_cost') }} as effective_cost

    from costs
    group by
        tenant_id,
        connection_id,
        billing_period,
        load_version,
        provider,
        billing_account_id,
        billing_account_name,
        sub_account_id,
        sub_account_name,
        service_name,
        service_category,
        region_id,
        resource_id,
        resource_name,
        resource_type,
        tags,
        billing_currency

)

select * from costs_by_resource
