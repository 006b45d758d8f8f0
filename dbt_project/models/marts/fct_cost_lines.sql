{{ config(materialized='incremental') }}

with

costs as (

    select * from {{ ref('int_costs') }}
    where {{ in_changed_partitions() }}

),

cost_lines as (

    select
        tenant_id,
        connection_id,
        provider,
        billing_period,
        charge_date,
        charge_period_start,
        charge_period_end,
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
        charge_category,
        charge_class,
        charge_description,
        pricing_category,
        commitment_discount_id,
        commitment_discount_status,
        charge_type,
        usage_type,
        operation,
        pricing_quantity,
        pricing_unit,
        billing_currency,
        billed_cost,
        effective_cost,
        list_cost,
        contracted_cost,
        tags,
        invoice_id,
        source_file,
        note,
        load_version

    from costs

)

select * from cost_lines
