-- Azure Cost Management actual and amortized cost (EA, MCA, pay-as-you-go columns) to FOCUS 1.2.
-- One row per line. Quantity is in units of UnitOfMeasure and cost is quantity times price, so a
-- price that is written like the price that made the cost gives that cost, digit by digit.
with typed as (
    select
        *,
        charge_type in ('Purchase', 'Refund') as is_purchase,
        coalesce(
            charge_type like 'Unused%' or pricing_model in ('Reservation', 'SavingsPlan'), false
        ) as is_committed,
        case
            when benefit_id ilike '%/microsoft.billingbenefits/%' or pricing_model = 'SavingsPlan'
                then 'Savings Plan'
            when benefit_id ilike '%/microsoft.capacity/%' or is_committed then 'Reservation'
        end as commitment_type,
        azure_resource_id(resource_id) as canonical_resource_id,
        lower(replace(location, ' ', '')) as location_key,
        coalesce(azure_arm_type(resource_id, provider_path), lower(consumed_service)) as arm_type,
        coalesce(billing_start, date_trunc('month', charge_date)) as period_start,
        case
            when unit_price = effective_price then cost
            else price_times_quantity(unit_price, exchange_rate, quantity)
        end as negotiated_cost,
        case
            when payg_cost is not null then payg_cost
            when payg_price = 0 then null
            when payg_price = effective_price then cost
            else price_times_quantity(payg_price, exchange_rate, quantity)
        end as public_cost
    from (
        select * replace (
            azure_subscription_id(azure_known(subscription_id)) as subscription_id,
            azure_known(subscription_name) as subscription_name,
            azure_known(meter_category) as meter_category,
            azure_known(meter_subcategory) as meter_subcategory,
            azure_known(location) as location,
            azure_known(consumed_service) as consumed_service,
            azure_known(resource_name) as resource_name,
            azure_known(resource_group) as resource_group,
            azure_known(reservation_id) as reservation_id,
            azure_known(reservation_name) as reservation_name,
            azure_known(benefit_id) as benefit_id,
            azure_known(benefit_name) as benefit_name,
            azure_known(publisher_name) as publisher_name
        ),
        azure_provider_path(resource_id) as provider_path
        from fields
    )
)

select
    availability_zone,
    if(is_committed and not is_purchase, 0, cost) as billed_cost,
    coalesce(billing_profile_id, billing_account_id, subscription_id) as billing_account_id,
    coalesce(billing_profile_name, billing_account_name) as billing_account_name,
    if(is_mca, 'Billing Profile', 'Billing Account') as billing_account_type,
    coalesce(billing_currency, 'XXX') as billing_currency,
    period_start as billing_period_start,
    coalesce(billing_end + interval 1 day, period_start + interval 1 month) as billing_period_end,
    case
        when charge_type in ('Usage', 'Purchase', 'Credit', 'Tax') then charge_type
        when charge_type is null or charge_type like 'Unused%' then 'Usage'
        when charge_type = 'Refund' then 'Purchase'
        else 'Adjustment'
    end as charge_category,
    if(charge_type = 'Refund', 'Correction', null) as charge_class,
    coalesce(product_name, concat_ws(' - ', meter_category, meter_subcategory, meter_name))
        as charge_description,
    case lower(frequency)
        when 'onetime' then 'One-Time'
        when 'recurring' then 'Recurring'
        else 'Usage-Based'
    end as charge_frequency,
    coalesce(charge_date, billing_start) as charge_period_start,
    coalesce(charge_date, billing_start) + interval 1 day as charge_period_end,
    case commitment_type when 'Savings Plan' then 'Spend' when 'Reservation' then 'Usage' end
        as commitment_discount_category,
    azure_resource_id(coalesce(benefit_id, if(is_committed, reservation_id, null)))
        as commitment_discount_id,
    coalesce(benefit_name, if(is_committed, reservation_name, null)) as commitment_discount_name,
    case
        when charge_type like 'Unused%' then 'Unused'
        when is_committed and not is_purchase then 'Used'
    end as commitment_discount_status,
    commitment_type as commitment_discount_type,
    if(is_purchase or charge_type like 'Unused%', null, quantity) as consumed_quantity,
    if(is_purchase or charge_type like 'Unused%', null, unit_of_measure) as consumed_unit,
    if(charge_type like 'Unused%', 0, negotiated_cost) as contracted_cost,
    unit_price as contracted_unit_price,
    case
        when is_committed and is_purchase then 0
        when is_committed and not is_amortized then null
        else cost
    end as effective_cost,
    invoice_id,
    coalesce(partner_name, 'Microsoft') as invoice_issuer_name,
    if(charge_type like 'Unused%', 0, public_cost) as list_cost,
    nullif(payg_price, 0) as list_unit_price,
    case
        when is_committed and not is_purchase then 'Committed'
        when pricing_model = 'Spot' then 'Dynamic'
        when pricing_model = 'OnDemand' or is_committed or pricing_model is null then 'Standard'
        else 'Other'
    end as pricing_category,
    upper(coalesce(pricing_currency, billing_currency)) as pricing_currency,
    quantity as pricing_quantity,
    unit_of_measure as pricing_unit,
    'Microsoft' as provider_name,
    coalesce(publisher_name, 'Microsoft') as publisher_name,
    coalesce(regions.region_id, nullif(typed.location_key, '')) as region_id,
    coalesce(regions.region_name, location) as region_name,
    canonical_resource_id as resource_id,
    coalesce(resource_name, nullif(regexp_extract(resource_id, '([^/]+)/?$', 1), ''))
        as resource_name,
    typed.arm_type as resource_type,
    coalesce(services.service_category, 'Other') as service_category,
    coalesce(services.service_name, meter_category, typed.service_name, consumed_service, 'Unknown')
        as service_name,
    product_id as sku_id,
    meter_name as sku_meter,
    meter_id as sku_price_id,
    subscription_id as sub_account_id,
    subscription_name as sub_account_name,
    'Subscription' as sub_account_type,
    tags,
    'azure' as x_provider,
    if(is_amortized, 'azure_amortized', 'azure_actual') as x_dataset,
    charge_type as x_charge_type,
    meter_category as x_service_code,
    meter_subcategory as x_usage_type,
    consumed_service as x_operation,
    lower(resource_group) as x_resource_group_name,
    cost_center as x_cost_center,
    cost as x_source_cost,
    source_file as x_source_file,
    nullif(concat_ws(
        '; ',
        case
            when charge_date is null and billing_start is null
                then 'rejected: the line names neither a charge nor a billing period'
        end,
        problems,
        currency_problem(billing_currency, problems),
        case when cost is null then 'the line names no cost' end
    ), '') as x_note
from typed
left join azure_services as services on typed.arm_type = services.arm_type
left join regions on regions.provider = 'azure' and regions.location_key = typed.location_key
