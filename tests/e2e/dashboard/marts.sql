create table fct_cost_daily as
select
    md5(concat_ws('|', tenant_id, connection_id, charge_date, service_name, resource_id, tags))
        as cost_daily_id,
    tenant_id, connection_id, provider, charge_date, billing_period, sub_account_id, service_name,
    service_category, region_id, resource_id, charge_category, pricing_category,
    commitment_discount_status, billing_currency,
    cast(sum(coalesce(billed_cost, 0)) as decimal(38, 20)) as billed_cost,
    cast(sum(coalesce(effective_cost, 0)) as decimal(38, 20)) as effective_cost,
    cast(sum(coalesce(list_cost, 0)) as decimal(38, 20)) as list_cost,
    cast(sum(coalesce(contracted_cost, 0)) as decimal(38, 20)) as contracted_cost,
    cast(coalesce(sum(list_cost) filter (
        charge_category = 'Purchase' and commitment_discount_id is not null
    ), 0) as decimal(38, 20)) as commitment_purchase_list_cost,
    cast(coalesce(sum(contracted_cost) filter (
        charge_category = 'Purchase' and commitment_discount_id is not null
    ), 0) as decimal(38, 20)) as commitment_purchase_contracted_cost,
    tags,
    count(*) - count(effective_cost) as unknown_effective_count,
    count(*) - count(list_cost) as unknown_list_count,
    count(*) - count(contracted_cost) as unknown_contracted_count,
    count(*) as line_count,
    max(load_version) as load_version
from fct_cost_lines
group by all;

create table fct_cost_summary_daily as
select
    tenant_id, connection_id, provider, charge_date, billing_period, sub_account_id, service_name,
    service_category, region_id, charge_category, pricing_category, commitment_discount_status,
    billing_currency,
    cast(sum(billed_cost) as decimal(38, 20)) as billed_cost,
    cast(sum(effective_cost) as decimal(38, 20)) as effective_cost,
    cast(sum(list_cost) as decimal(38, 20)) as list_cost,
    cast(sum(contracted_cost) as decimal(38, 20)) as contracted_cost,
    cast(sum(commitment_purchase_list_cost) as decimal(38, 20)) as commitment_purchase_list_cost,
    cast(sum(commitment_purchase_contracted_cost) as decimal(38, 20))
        as commitment_purchase_contracted_cost,
    cast(sum(unknown_effective_count) as bigint) as unknown_effective_count,
    cast(sum(unknown_list_count) as bigint) as unknown_list_count,
    cast(sum(unknown_contracted_count) as bigint) as unknown_contracted_count,
    cast(sum(line_count) as bigint) as line_count,
    max(load_version) as load_version
from fct_cost_daily
group by all;

create table fct_cost_month_to_date as
with bounds as (
    select
        getvariable('newest') - 1 as as_of_date,
        date_trunc('month', getvariable('newest') - 1) as month_start
)
select
    tenant_id, connection_id, provider, sub_account_id, service_name, billing_currency,
    strftime(any_value(month_start), '%Y-%m') as billing_period,
    any_value(as_of_date) as as_of_date,
    any_value(day(as_of_date)) as days_elapsed,
    any_value(day(last_day(as_of_date))) as days_in_month,
    coalesce(sum(billed_cost) filter (charge_date between month_start and as_of_date), 0)
        as billed_cost,
    coalesce(sum(effective_cost) filter (charge_date between month_start and as_of_date), 0)
        as effective_cost,
    coalesce(sum(list_cost) filter (charge_date between month_start and as_of_date), 0)
        as list_cost,
    coalesce(sum(billed_cost) filter (
        charge_date between month_start - interval 1 month and as_of_date - interval 1 month
    ), 0) as previous_billed_cost,
    coalesce(sum(effective_cost) filter (
        charge_date between month_start - interval 1 month and as_of_date - interval 1 month
    ), 0) as previous_effective_cost,
    coalesce(sum(list_cost) filter (
        charge_date between month_start - interval 1 month and as_of_date - interval 1 month
    ), 0) as previous_list_cost,
    coalesce(sum(billed_cost) filter (
        charge_date >= month_start - interval 1 month and charge_date < month_start
    ), 0) as previous_month_billed_cost,
    coalesce(sum(effective_cost) filter (
        charge_date >= month_start - interval 1 month and charge_date < month_start
    ), 0) as previous_month_effective_cost,
    cast(coalesce(sum(unknown_effective_count) filter (
        charge_date between month_start and as_of_date
    ), 0) as bigint) as unknown_effective_count,
    cast(coalesce(sum(line_count) filter (charge_date between month_start and as_of_date), 0)
        as bigint) as line_count
from fct_cost_summary_daily, bounds
where charge_date >= month_start - interval 1 month and charge_date <= as_of_date
group by tenant_id, connection_id, provider, sub_account_id, service_name, billing_currency;

create table fct_cost_forecast as
select
    tenant_id, connection_id, provider, billing_currency, billing_period,
    any_value(as_of_date) as as_of_date,
    sum(effective_cost) as effective_cost_to_date,
    cast(sum(effective_cost) * 2 as decimal(38, 20)) as forecast_effective_cost,
    cast(sum(effective_cost) * 1.9 as decimal(38, 20)) as forecast_low,
    cast(sum(effective_cost) * 2.1 as decimal(38, 20)) as forecast_high,
    sum(billed_cost) as billed_cost_to_date,
    cast(sum(billed_cost) * 2 as decimal(38, 20)) as forecast_billed_cost,
    'twice the month to date' as method
from fct_cost_month_to_date
group by tenant_id, connection_id, provider, billing_currency, billing_period;

create table fct_cost_movers as
with weeks as (
    select
        tenant_id, provider, sub_account_id, service_name, billing_currency,
        coalesce(sum(effective_cost) filter (charge_date >= getvariable('newest') - 7), 0)
            as current_cost,
        coalesce(sum(effective_cost) filter (charge_date < getvariable('newest') - 7), 0)
            as previous_cost
    from fct_cost_summary_daily
    where
        charge_date >= getvariable('newest') - 14
        and charge_date < getvariable('newest')
    group by tenant_id, provider, sub_account_id, service_name, billing_currency
)
select
    tenant_id, provider, sub_account_id, service_name, billing_currency,
    getvariable('newest') - 7 as current_start_date,
    getvariable('newest') - 1 as current_end_date,
    getvariable('newest') - 14 as previous_start_date,
    getvariable('newest') - 8 as previous_end_date,
    current_cost, previous_cost,
    current_cost - previous_cost as change_cost,
    cast(0 as decimal(38, 20)) as change_from_new_resources,
    cast(0 as decimal(38, 20)) as change_from_gone_resources,
    current_cost - previous_cost as change_from_usage,
    cast(0 as decimal(38, 20)) as change_from_price,
    'Usage of ' || service_name || ' grew: the same resources ran more hours at the same price.'
        as reason
from weeks;

create table fct_reconciliation as
with totals as (
    select
        tenant_id, connection_id, provider, billing_period, billing_currency,
        sum(billed_cost) as billed, sum(effective_cost) as effective,
        max(load_version) as load_version
    from fct_cost_summary_daily
    group by tenant_id, connection_id, provider, billing_period, billing_currency
),
figures as (
    unpivot totals on billed, effective into name cost_type value our_total
),
states as (
    select
        *,
        case
            when tenant_id = 'acme' and cost_type = 'effective' then 'no_total'
            when getvariable('has_gap') and tenant_id = 'globex' and cost_type = 'billed'
                and billing_period = '2026-05' then 'gap'
            when tenant_id = 'initech' and billing_period = '2026-06' then 'explained'
            else 'reconciled'
        end as status
    from figures
)
select
    tenant_id, connection_id, provider, billing_period, billing_currency, cost_type, our_total,
    case status
        when 'no_total' then null
        when 'gap' then our_total + 12.34
        when 'explained' then our_total + 5
        else our_total
    end as provider_total,
    cast(
        case status when 'no_total' then null when 'gap' then -12.34 when 'explained' then -5
            else 0 end
        as decimal(38, 20)
    ) as gap,
    cast(case status when 'explained' then 5 else 0 end as decimal(38, 20)) as rejected_total,
    case status when 'explained' then 2 else 0 end as rejected_row_count,
    status,
    case status
        when 'gap' then 'our total is 12.34 EUR below the invoice'
        when 'explained' then '2 rejected rows cost 5.00 USD'
        when 'no_total' then 'the export carries no total of effective cost'
        else 'equal to the cent'
    end as reason,
    billing_period < '2026-06' as is_final,
    load_version
from states;

create table fct_load_freshness as
select
    tenant_id, connection_id, provider,
    any_value(sub_account_id) as scope,
    billing_period,
    case provider when 'aws' then 'cur' else 'azure_actual' end as dataset,
    case provider when 'aws' then 'CUR 2.0, CSV' else 'Azure actual cost, CSV' end as format,
    case provider when 'aws' then 'daily-cur' else 'daily-actual' end as export_name,
    cast(max(charge_date) + 1 as timestamp) + interval 6 hour as delivered_at,
    cast(max(charge_date) + 1 as timestamp) + interval 7 hour as loaded_at,
    max(charge_date) as watermark_date,
    billing_period < '2026-06' as is_final,
    cast(sum(line_count) as bigint) as row_count,
    cast(case when tenant_id = 'initech' and billing_period = '2026-06' then 2 else 0 end as bigint)
        as rejected_row_count,
    cast(0 as bigint) as noted_row_count,
    cast(sum(line_count) * 480 as bigint) as byte_count,
    billing_period = max(billing_period) over (partition by tenant_id, connection_id)
        as is_latest_period
from fct_cost_summary_daily
group by tenant_id, connection_id, provider, billing_period;

create table fct_rejected_lines as
select
    'initech' as tenant_id,
    (select min(connection_id) from fct_load_freshness where tenant_id = 'initech')
        as connection_id,
    '2026-06' as billing_period,
    'cur' as dataset,
    'exports/2026-06/part-0001.csv.gz' as source_file,
    cast(number as bigint) as line_number,
    'lineItem/UnblendedCost' as column_name,
    'not a number: <img src=x onerror=alert(1)>' as reason,
    true as is_row_rejected,
    'USD' as billing_currency,
    cast(2.5 as decimal(38, 20)) as source_cost,
    'abc,$x$,"quoted",<img src=x onerror=alert(1)>,' || number as source_line
from range(17, 19) as numbers(number);

create table dim_account as
select
    tenant_id, provider, connection_id, sub_account_id,
    case sub_account_id when '111122223333' then 'acme-production' end as sub_account_name,
    sub_account_id as billing_account_id,
    cast(null as varchar) as billing_account_name,
    min(charge_date) as first_charge_date,
    max(charge_date) as last_charge_date
from fct_cost_summary_daily
group by tenant_id, provider, connection_id, sub_account_id;

create table dim_resource as
select
    tenant_id, provider, resource_id,
    any_value(resource_name) as resource_name,
    'instance' as resource_type,
    any_value(service_name) as service_name,
    any_value(service_category) as service_category,
    any_value(region_id) as region_id,
    any_value(sub_account_id) as sub_account_id,
    any_value(tags) as tags,
    min(charge_date) as first_charge_date,
    max(charge_date) as last_charge_date
from fct_cost_lines
where resource_id is not null
group by tenant_id, provider, resource_id;

create table dim_tag as
select
    tenant_id,
    tag.key as tag_key,
    json_extract_string(tag.value, '$') as tag_value,
    billing_currency,
    count(distinct resource_id) as resource_count,
    count(*) as line_count,
    sum(effective_cost) as effective_cost
from fct_cost_lines, json_each(tags) as tag
group by all;
