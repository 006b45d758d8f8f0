{%- set operations, bytes = ['reads', 'writes'], ['read_bytes', 'write_bytes'] -%}
{%- set conditions = [
    percentage('used_iops', 'peak_iops', 'max_iops', 'max_used_percent', operations),
    percentage('used_throughput', 'peak_mbps', 'max_mbps', 'max_used_percent', bytes),
    percentage('iops_on_target', 'peak_iops', 'target_iops', 'max_target_percent', operations),
    percentage('throughput_on_target', 'peak_mbps', 'target_mbps', 'max_target_percent', bytes),
    price_condition(),
] -%}
{%- set limit = 'least(max_used_percent * max_iops, max_target_percent * target_iops) / 100' -%}

{% call findings(
    'azure_disk_underutilized_premium', 'azure_disk_moves', conditions, is_priced=true,
    chart_limit=limit
) -%}
    select
        candidates.*,
        'medium' as confidence,
        reads_maximum + writes_maximum as peak_iops,
        (read_bytes_maximum + write_bytes_maximum) / 1000000 as peak_mbps

    from candidates
    where
        lower(disk_state) = 'attached'
        and target_sku_name = 'StandardSSD_LRS'
{%- endcall %}
