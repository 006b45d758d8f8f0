-- AWS Cost and Usage Report, legacy, Athena and 2.0, to FOCUS 1.2. One row per line item, and one
-- more for the unused part of a recurring commitment fee. The rules per line item type are those of
-- the Cost and Usage Report guide (line item details, reservation and savings plan columns). What
-- covers a line is named by an ARN: reservation/SubscriptionId stands on on-demand lines, too.
with typed as (
    select
        *,
        coalesce(net_unblended_cost, unblended_cost) as invoiced_cost,
        case line_item_type
            when 'SavingsPlanRecurringFee' then sp_total_commitment - sp_used_commitment
            when 'RIFee' then
                coalesce(ri_net_unused_upfront, ri_unused_upfront, 0)
                + coalesce(ri_net_unused_recurring, ri_unused_recurring, 0)
        end as unused_cost,
        coalesce(
            sp_arn,
            ri_arn,
            if(line_item_type in ('DiscountedUsage', 'RIFee'), ri_subscription_id, null)
        ) as commitment_id,
        line_item_type in ('SavingsPlanCoveredUsage', 'DiscountedUsage') as is_covered,
        line_item_type in (
            'Fee', 'RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee'
        ) as is_fee
    from fields
),

parts as (
    select
        *,
        unnest(if(unused_cost <> 0, [false, true], [false])) as is_unused_part
    from typed
)

select
    availability_zone,
    case
        when is_unused_part then 0
        when line_item_type in ('SavingsPlanCoveredUsage', 'SavingsPlanNegation') then 0
        else invoiced_cost
    end as billed_cost,
    payer_account_id as billing_account_id,
    payer_account_name as billing_account_name,
    'Payer Account' as billing_account_type,
    coalesce(billing_currency, 'XXX') as billing_currency,
    coalesce(billing_start, date_trunc('month', usage_start)) as billing_period_start,
    coalesce(billing_end, date_trunc('month', usage_start) + interval 1 month)
        as billing_period_end,
    case
        when is_unused_part then 'Usage'
        when line_item_type = 'Tax' then 'Tax'
        when line_item_type = 'Credit' then 'Credit'
        when is_fee then 'Purchase'
        else 'Usage'
    end as charge_category,
    if(line_item_type = 'Refund', 'Correction', null) as charge_class,
    description as charge_description,
    case
        when is_unused_part then 'Usage-Based'
        when line_item_type in ('RIFee', 'SavingsPlanRecurringFee') then 'Recurring'
        when is_fee or line_item_type in ('Tax', 'Credit', 'Refund') then 'One-Time'
        else 'Usage-Based'
    end as charge_frequency,
    coalesce(usage_start, billing_start) as charge_period_start,
    coalesce(usage_end, billing_end) as charge_period_end,
    case
        when sp_arn is not null or line_item_type like 'SavingsPlan%' then 'Spend'
        when commitment_id is not null or line_item_type in ('DiscountedUsage', 'RIFee')
            then 'Usage'
    end as commitment_discount_category,
    commitment_id as commitment_discount_id,
    case
        when is_unused_part then 'Unused'
        when is_covered then 'Used'
    end as commitment_discount_status,
    case
        when sp_arn is not null or line_item_type like 'SavingsPlan%' then 'Savings Plan'
        when commitment_id is not null or line_item_type in ('DiscountedUsage', 'RIFee')
            then 'Reserved Instance'
    end as commitment_discount_type,
    if(is_fee or is_unused_part, null, usage_amount) as consumed_quantity,
    if(is_fee or is_unused_part, null, pricing_unit) as consumed_unit,
    case
        when is_unused_part or line_item_type = 'SavingsPlanNegation' then 0
        when line_item_type = 'SavingsPlanCoveredUsage' then unblended_cost
        when line_item_type = 'DiscountedUsage' then public_on_demand_cost
        else invoiced_cost
    end as contracted_cost,
    case
        when is_unused_part then unused_cost
        when line_item_type = 'SavingsPlanCoveredUsage'
            then coalesce(sp_net_effective_cost, sp_effective_cost)
        when line_item_type = 'DiscountedUsage'
            then coalesce(ri_net_effective_cost, ri_effective_cost)
        when line_item_type = 'SavingsPlanRecurringFee' then if(unused_cost is null, null, 0)
        when line_item_type in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee', 'RIFee') then 0
        when line_item_type = 'Fee' and ri_arn is not null then 0
        else invoiced_cost
    end as effective_cost,
    invoice_id,
    coalesce(invoicing_entity, 'AWS') as invoice_issuer_name,
    if(
        is_unused_part or line_item_type = 'SavingsPlanNegation', 0, public_on_demand_cost
    ) as list_cost,
    if(is_unused_part, null, public_on_demand_rate) as list_unit_price,
    case
        when is_unused_part or is_covered then 'Committed'
        when is_fee then 'Standard'
        when usage_type like '%SpotUsage%' then 'Dynamic'
        when line_item_type in ('Tax', 'Credit') then null
        else 'Standard'
    end as pricing_category,
    upper(pricing_currency) as pricing_currency,
    if(is_unused_part, null, usage_amount) as pricing_quantity,
    if(is_unused_part, null, pricing_unit) as pricing_unit,
    'AWS' as provider_name,
    coalesce(legal_entity, 'Amazon Web Services, Inc.') as publisher_name,
    lower(coalesce(region, nullif(regexp_replace(availability_zone, '[a-z]$', ''), '')))
        as region_id,
    regions.region_name,
    aws_resource_id(resource_id) as resource_id,
    coalesce(services.service_category, 'Other') as service_category,
    coalesce(product_name, services.service_name, product_code, 'Unknown') as service_name,
    sku as sku_id,
    product_family as sku_meter,
    coalesce(rate_code, rate_id) as sku_price_id,
    usage_account_id as sub_account_id,
    usage_account_name as sub_account_name,
    'Linked Account' as sub_account_type,
    tags,
    'aws' as x_provider,
    'cur' as x_dataset,
    line_item_type as x_charge_type,
    product_code as x_service_code,
    usage_type as x_usage_type,
    operation as x_operation,
    if(is_unused_part, null, invoiced_cost) as x_source_cost,
    source_file as x_source_file,
    nullif(concat_ws(
        '; ',
        case
            when usage_start is null and billing_start is null
                then 'rejected: the line names neither a charge nor a billing period'
        end,
        problems,
        currency_problem(billing_currency, problems),
        case when unblended_cost is null then 'the line names no cost' end,
        case
            when line_item_type = 'DiscountedUsage' and ri_effective_cost is null
                and ri_net_effective_cost is null
                then 'effective cost unknown: reservation/EffectiveCost is empty'
            when line_item_type = 'SavingsPlanCoveredUsage' and sp_effective_cost is null
                and sp_net_effective_cost is null
                then 'effective cost unknown: savingsPlan/SavingsPlanEffectiveCost is empty'
            when line_item_type = 'SavingsPlanRecurringFee' and unused_cost is null
                then 'effective cost unknown: savingsPlan/TotalCommitmentToDate is empty'
        end
    ), '') as x_note
from parts
left join aws_services as services on parts.product_code = services.service_code
left join region_names as regions
    on regions.provider = 'aws' and regions.region_id = lower(parts.region)
