{%- set operations = ['reads', 'writes'] -%}
{%- set bytes = ['read_bytes', 'write_bytes'] -%}
{%- set conditions = [
    condition(
        'used_iops_percent', '100 * peak_iops / max_iops', '<=', 'max_used_percent', '%',
        operations, 'maximum'
    ),
    condition(
        'used_throughput_percent', '100 * peak_mbps / max_throughput_mbps', '<=',
        'max_used_percent', '%', bytes, 'maximum'
    ),
    condition(
        'iops_on_target_percent', '100 * peak_iops / target_iops', '<=', 'max_target_percent', '%',
        operations, 'maximum'
    ),
    condition(
        'throughput_on_target_percent', '100 * peak_mbps / target_mbps', '<=',
        'max_target_percent', '%', bytes, 'maximum'
    ),
    price_condition(),
] -%}

with

tiers as (

    select * from {{ ref('azure_disk_tiers') }}

),

{{ candidates(
    'azure_disk_underutilized_premium', ref('int_inventory__azure_managed_disks'), conditions,
    utilization={
        'reads': 'Composite Disk Read Operations/sec',
        'writes': 'Composite Disk Write Operations/sec',
        'read_bytes': 'Composite Disk Read Bytes/sec',
        'write_bytes': 'Composite Disk Write Bytes/sec',
    }
) }},

findings as (

    select
        candidates.*,
        candidates.reads_maximum + candidates.writes_maximum as peak_iops,
        (candidates.read_bytes_maximum + candidates.write_bytes_maximum) / 1000000 as peak_mbps,
        premium.max_iops,
        premium.max_throughput_mbps,
        standard.max_iops as target_iops,
        standard.max_throughput_mbps as target_mbps,
        'medium' as confidence,
        candidates.size_gib || ' GiB ' || premium.tier || ' (' || premium.sku_name || ')'
            as current_value,
        standard.tier || ' (' || standard.sku_name || ')' as target_value,
        cast(premium.list_price_usd_month as double) as current_list_price,
        cast(standard.list_price_usd_month as double) as target_list_price

    from candidates
    inner join tiers as premium
        on
            candidates.sku_name = premium.sku_name
            and {{ is_disk_tier('premium', 'candidates.size_gib') }}
    inner join tiers as standard
        on
            standard.sku_name = 'StandardSSD_LRS'
            and {{ is_disk_tier('standard', 'candidates.size_gib') }}
    where
        candidates.sku_name = 'Premium_LRS'
        and lower(candidates.disk_state) = 'attached'

)

{{ select_findings(
    'azure_disk_underutilized_premium', conditions, is_priced=true,
    chart_limit='least(max_used_percent * max_iops, max_target_percent * target_iops) / 100'
) }}
