-- FOCUS 1.0, 1.1 and 1.2 of any provider to FOCUS 1.2: ids in their canonical form, all else as
-- the provider wrote it. One row per line.
with typed as (
    select
        *,
        case
            when provider_name ilike 'aws%' or provider_name ilike 'amazon%' then 'aws'
            when provider_name ilike 'microsoft%' or provider_name ilike 'azure%' then 'azure'
            else 'other'
        end as cloud
    from fields
)

select
    availability_zone,
    billed_cost,
    coalesce(if(cloud = 'azure', billing_profile_id, null), billing_account_id)
        as billing_account_id,
    billing_account_name,
    billing_account_type,
    coalesce(billing_currency, 'XXX') as billing_currency,
    coalesce(billing_period_start, date_trunc('month', charge_period_start))
        as billing_period_start,
    coalesce(billing_period_end, date_trunc('month', charge_period_start) + interval 1 month)
        as billing_period_end,
    capacity_reservation_id,
    capacity_reservation_status,
    charge_category,
    charge_class,
    charge_description,
    charge_frequency,
    coalesce(charge_period_start, billing_period_start) as charge_period_start,
    charge_period_end,
    commitment_discount_category,
    if(
        cloud = 'azure', azure_resource_id(commitment_discount_id), commitment_discount_id
    ) as commitment_discount_id,
    commitment_discount_name,
    commitment_discount_quantity,
    commitment_discount_status,
    commitment_discount_type,
    commitment_discount_unit,
    consumed_quantity,
    consumed_unit,
    contracted_cost,
    contracted_unit_price,
    effective_cost,
    invoice_id,
    invoice_issuer_name,
    list_cost,
    list_unit_price,
    pricing_category,
    upper(pricing_currency) as pricing_currency,
    pricing_currency_contracted_unit_price,
    pricing_currency_effective_cost,
    pricing_currency_list_unit_price,
    pricing_quantity,
    pricing_unit,
    coalesce(provider_name, 'Unknown') as provider_name,
    publisher_name,
    lower(typed.region_id) as region_id,
    coalesce(typed.region_name, regions.region_name) as region_name,
    case cloud
        when 'aws' then aws_resource_id(resource_id)
        when 'azure' then azure_resource_id(resource_id)
        else resource_id
    end as resource_id,
    resource_name,
    resource_type,
    coalesce(service_category, 'Other') as service_category,
    coalesce(service_name, x_service_code, x_meter_category, 'Unknown') as service_name,
    service_subcategory,
    sku_id,
    coalesce(sku_meter, x_meter_name) as sku_meter,
    sku_price_details,
    sku_price_id,
    if(cloud = 'azure', azure_subscription_id(sub_account_id), sub_account_id) as sub_account_id,
    sub_account_name,
    sub_account_type,
    tags,
    cloud as x_provider,
    'focus' as x_dataset,
    charge_category as x_charge_type,
    coalesce(x_service_code, x_meter_category) as x_service_code,
    coalesce(x_usage_type, x_meter_subcategory) as x_usage_type,
    x_operation,
    lower(x_resource_group) as x_resource_group_name,
    x_cost_center,
    billed_cost as x_source_cost,
    source_file as x_source_file,
    nullif(concat_ws(
        '; ',
        case
            when charge_period_start is null and billing_period_start is null
                then 'rejected: the line names neither a charge nor a billing period'
        end,
        problems,
        currency_problem(billing_currency, problems),
        case when billed_cost is null then 'the line names no cost' end
    ), '') as x_note
from typed
left join region_names as regions
    on typed.cloud = regions.provider and lower(typed.region_id) = regions.region_id
