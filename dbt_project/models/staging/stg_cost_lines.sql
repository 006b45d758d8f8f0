with

source as (

    select * from {{ x_lake(source('lake', 'cost_lines')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        billing_period,
        billing_account_id,
        capacity_reservation_id,
        commitment_discount_id,
        invoice_id,
        region_id,
        resource_id,
        sku_id,
        sku_price_id,
        sub_account_id,

        -- strings
        availability_zone,
        billing_account_name,
        billing_account_type,
        billing_currency,
        capacity_reservation_status,
        charge_category,
        charge_class,
        charge_description,
        charge_frequency,
        commitment_discount_category,
        commitment_discount_name,
        commitment_discount_status,
        commitment_discount_type,
        commitment_discount_unit,
        consumed_unit,
        invoice_issuer_name,
        pricing_category,
        pricing_currency,
        pricing_unit,
        provider_name,
        publisher_name,
        region_name,
        resource_name,
        resource_type,
        service_category,
        service_name,
        service_subcategory,
        sku_meter,
        sku_price_details,
        sub_account_name,
        sub_account_type,
        tags,
        x_provider as provider,
        x_dataset as dataset,
        x_charge_type as charge_type,
        x_service_code as service_code,
        x_usage_type as usage_type,
        x_operation as operation,
        x_resource_group_name as resource_group_name,
        x_cost_center as cost_center,
        x_source_file as source_file,
        x_note as note,

        -- numerics
        billed_cost,
        commitment_discount_quantity,
        consumed_quantity,
        contracted_cost,
        contracted_unit_price,
        effective_cost,
        list_cost,
        list_unit_price,
        pricing_currency_contracted_unit_price,
        pricing_currency_effective_cost,
        pricing_currency_list_unit_price,
        pricing_quantity,
        x_source_cost as source_cost,

        -- dates and timestamps
        billing_period_start,
        billing_period_end,
        charge_period_start,
        charge_period_end

    from source

)

select * from renamed
