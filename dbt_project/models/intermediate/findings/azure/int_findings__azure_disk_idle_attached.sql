{%- set conditions = [
    condition(
        'operations_per_second', 'reads_maximum + writes_maximum', '<=',
        'max_operations_per_second', 'operations a second', ['reads', 'writes'], 'maximum'
    ),
] -%}

{% call findings('azure_disk_idle_attached', 'azure_managed_disks', conditions) -%}
    select
        candidates.*,
        'high' as confidence,
        size_gib || ' GiB ' || sku_name as current_value

    from candidates
    where
        lower(disk_state) = 'attached'
        and os_type is null
        and machine_power_state = 'running'
        and ownership_days >= window_days
{%- endcall %}
