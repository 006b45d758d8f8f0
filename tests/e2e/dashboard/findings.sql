create table dim_rule as select * from made_rules;

create temp table tenant_copies as
select distinct
    tenant_id,
    regexp_replace(tenant_id, '-[0-9]+$', '') as made_tenant_id
from fct_cost_summary_daily;

create temp table bulk_findings as
select
    made.* replace (
        copies.tenant_id as tenant_id,
        'vol-' || substr(md5(copies.tenant_id || number), 1, 17) as resource_id,
        'data-' || number as resource_name,
        ['eu-west-1', 'us-east-1', 'eu-central-1'][1 + number % 3] as region_id,
        ['low', 'medium', 'high'][1 + number % 3] as confidence,
        case when number % 4 = 0 then 'team-' || number % 7 end as owner,
        'A gp3 volume of ' || (10 + number) || ' GiB is attached to nothing.' as sentence,
        number % 60 as first_seen_days
    ),
    cast(5 + (number * 7919) % 400 as decimal(38, 20)) as bulk_cost
from made_findings as made, tenant_copies as copies, range(getvariable('bulk')) as numbers(number)
where made.rule_id = 'aws_ebs_volume_unattached';

create temp table all_findings as
select
    made.* replace (copies.tenant_id as tenant_id),
    cast(null as decimal(38, 20)) as bulk_cost
from made_findings as made
inner join tenant_copies as copies on made.tenant_id = copies.made_tenant_id
union all
select * from bulk_findings;

create temp table resource_costs as
select
    tenant_id, resource_id, any_value(billing_currency) as billing_currency,
    cast(sum(effective_cost) as decimal(38, 20)) as effective_cost_30d
from fct_cost_daily
where charge_date >= getvariable('observed') - 30 and charge_date < getvariable('observed')
group by tenant_id, resource_id;

create table fct_findings as
with priced as (
    select
        found.*,
        md5(concat_ws('|', found.tenant_id, found.rule_id, found.resource_id)) as finding_id,
        coalesce(costs.billing_currency, case when bulk_cost is not null then 'USD' end)
            as billing_currency,
        coalesce(costs.effective_cost_30d, bulk_cost) as effective_cost_30d,
        cast(round(
            coalesce(costs.effective_cost_30d, bulk_cost)
            * cast(saved as decimal(9, 4)) * getvariable('saved_percent') / 100, 2
        ) as decimal(38, 2)) as estimated_monthly_savings,
        row_number() over (
            partition by found.tenant_id, found.resource_id order by action_rank, found.rule_id
        ) = 1 as is_counted
    from all_findings as found
    left join resource_costs as costs
        on found.tenant_id = costs.tenant_id and found.resource_id = costs.resource_id
)
select
    finding_id, tenant_id, provider,
    case provider when 'aws' then 'aws-' else 'azure-' end || substr(sub_account_id, 1, 12)
        as connection_id,
    sub_account_id,
    case sub_account_id when '111122223333' then 'acme-production' end as sub_account_name,
    region_id, resource_id, resource_name, resource_type, service_name, rule_id, rule_title,
    category, action, severity, effort, risk, confidence, sentence,
    'Ask its owner, keep a snapshot, then ' || action || ' it.' as recommendation,
    current_value, target_value, owner, tags, billing_currency, effective_cost_30d,
    estimated_monthly_savings,
    case when estimated_monthly_savings is null
        then 'the bill has no line of this resource in the last 30 days' end
        as savings_unknown_reason,
    is_counted,
    case when not is_counted then 'stopping the instance already ends this cost' end
        as not_counted_reason,
    case when estimated_monthly_savings is not null
        then 'effective cost of 30 days × share saved' end as savings_formula,
    json_array(
        json_object('name', 'effective cost of 30 days', 'value', cast(effective_cost_30d as varchar),
            'unit', billing_currency),
        json_object('name', 'share saved', 'value', saved, 'unit', null)
    )::varchar as savings_inputs,
    evidence,
    (select thresholds from made_rules as rules where rules.rule_id = priced.rule_id)
        as thresholds,
    chart_metric, chart_statistic, chart_threshold,
    getvariable('observed') as observed_date,
    getvariable('observed') - cast(first_seen_days as integer) as first_seen_date,
    case provider when 'aws'
        then 'https://console.aws.amazon.com/go/view?arn=' || url_encode(resource_id)
        else 'https://portal.azure.com/#resource' || resource_id end as console_url
from priced;

update fct_findings
set thresholds = replace(thresholds, '"max_cpu_percent": 20', '"max_cpu_percent": 25')
where tenant_id = 'acme';

create table fct_savings as
select
    tenant_id, provider, resource_id, finding_id, rule_id, action,
    case action when 'delete' then 1 when 'stop' then 2 when 'rightsize' then 3 else 4 end
        as action_rank,
    billing_currency, estimated_monthly_savings,
    case when is_counted then estimated_monthly_savings
        when estimated_monthly_savings is not null then cast(0 as decimal(38, 2)) end
        as counted_monthly_savings,
    is_counted, not_counted_reason
from fct_findings;

create table fct_finding_history as
select
    finding_id, tenant_id, provider, rule_id, resource_id, 'open' as status, first_seen_date,
    observed_date as last_seen_date, cast(null as date) as resolved_date,
    cast(null as date) as reopened_date, billing_currency,
    estimated_monthly_savings, cast(null as decimal(38, 2)) as realized_monthly_savings,
    cast(null as varchar) as realized_unknown_reason
from fct_findings
union all
select
    md5(concat_ws('|', 'acme', 'aws_ebs_volume_unattached', resource_id)), 'acme', 'aws',
    'aws_ebs_volume_unattached', resource_id, status, getvariable('observed') - 60,
    getvariable('observed') - 31,
    case when status <> 'unverified' then getvariable('observed') - 30 end, null, 'USD',
    cast(48.5 as decimal(38, 2)), cast(realized as decimal(38, 2)), reason
from (
    values
        ('vol-0000000000000dead', 'resolved', 47.25, null),
        ('vol-0000000000000beef', 'resolved', null,
         'fewer than 30 days of bill since it was resolved'),
        ('vol-0000000000000feed', 'dismissed', null,
         'The thresholds of the rule were changed; nothing was done about it.'),
        ('vol-0000000000000bead', 'unverified', null,
         'What it rests on could not be read since; whether it still holds is not known.')
) as gone(resource_id, status, realized, reason)
where getvariable('has_findings');

create table fct_utilization_daily as
select
    tenant_id, resource_id, any_value(resource_type) as resource_type, chart_metric as metric_name,
    getvariable('observed') - cast(back as integer) as usage_date,
    case when chart_metric like '%CPU%' then '%' else 'Bytes' end as unit,
    case when chart_metric like '%CPU%' then 1.1 + (back * 37 % 11) / 10 else 0 end as average,
    case when chart_metric like '%CPU%' then 0.2 else 0 end as minimum,
    case when chart_metric like '%CPU%' then 0.9 + (back * 37 % 11) / 10 else 0 end as p50,
    case when chart_metric like '%CPU%' then 1.4 + (back * 37 % 11) / 25 else 0 end as p95,
    case when chart_metric like '%CPU%' then 4.4 + (back * 37 % 11) / 10 else 0 end as p99,
    case when chart_metric like '%CPU%' then 8.2 + (back * 37 % 11) / 9 else 0 end as maximum,
    case when chart_metric not like '%CPU%' then 0.0 end as sum,
    cast(288 as bigint) as sample_count
from fct_findings, range(1, 36) as days(back)
where chart_metric is not null and back not in (9, 20, 21, 22, 24)
group by all;

create table fct_scan_coverage as
with places as (
    select
        tenant_id, provider, connection_id, sub_account_id, region_id, table_name, back
    from (
        select distinct tenant_id, provider, connection_id, sub_account_id
        from fct_cost_summary_daily
    ) as accounts
    cross join unnest(
        case provider when 'aws' then ['eu-west-1', 'eu-central-1', 'us-east-1', 'me-south-1']
            else ['westeurope'] end
    ) as regions(region_id)
    cross join unnest(
        case provider
            when 'aws' then [
                'aws_ec2_instances', 'aws_ebs_volumes', 'aws_nat_gateways', 'utilization_daily'
            ]
            else ['azure_virtual_machines', 'azure_managed_disks', 'utilization_daily'] end
    ) as tables(table_name)
    cross join range(0, 2) as scans(back)
    where getvariable('is_scanned')
),
answered as (
    select
        *,
        case
            when region_id = 'me-south-1' then 'disabled'
            when tenant_id like 'initech%' and region_id = 'us-east-1' and back = 0
                and table_name = 'aws_nat_gateways' then 'denied'
            when tenant_id like 'initech%' and region_id = 'eu-west-1'
                and table_name = 'utilization_daily' then 'throttled'
            else 'complete'
        end as status
    from places
)
select
    tenant_id, provider, connection_id,
    getvariable('observed') - cast(back as integer) as snapshot_date,
    'scan-' || connection_id || '-' || back as scan_id,
    sub_account_id, region_id, table_name, status,
    cast(case status when 'complete' then 12 else 0 end as bigint) as resource_count,
    cast(case status when 'disabled' then 0 else 3 end as bigint) as call_count,
    case status when 'denied' then 'UnauthorizedOperation' when 'throttled' then 'Throttling' end
        as error_code,
    case status
        when 'denied' then 'role lacks ec2:DescribeNatGateways in <img src=x onerror=alert(1)>'
        when 'throttled' then 'still throttled after 8 attempts in 300 s'
        when 'disabled' then 'the account has not enabled this region'
    end as message,
    case status
        when 'denied' then 'An administrator of the account grants ec2:DescribeNatGateways'
        when 'throttled' then 'Nothing: the next scan reads the days that are missing'
    end as action,
    'schedule' as requested_by,
    cast(getvariable('observed') - cast(back as integer) as timestamp) + interval 3 hour
        as started_at,
    cast(getvariable('observed') - cast(back as integer) as timestamp) + interval 190 minute
        as finished_at,
    back = 0 as is_latest
from answered;
