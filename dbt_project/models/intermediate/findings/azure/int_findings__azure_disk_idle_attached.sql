{%- set conditions = [
    condition(
        'operations_per_second', 'reads_maximum + writes_maximum', '<=',
        'max_operations_per_second', 'operations a second', ['reads', 'writes'], 'maximum'
    ),
] -%}

with

machines as (

    select * from {{ ref('int_inventory__azure_virtual_machines') }}
    where lower(power_state) = 'running'

),

{{ candidates(
    'azure_disk_idle_attached', ref('int_inventory__azure_managed_disks'), conditions,
    utilization={
        'reads': 'Composite Disk Read Operations/sec',
        'writes': 'Composite Disk Write Operations/sec',
    }
) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        candidates.size_gib || ' GiB ' || candidates.sku_name as current_value

    from candidates
    inner join machines
        on
            candidates.tenant_id = machines.tenant_id
            and candidates.managed_by = machines.resource_id
    where
        lower(candidates.disk_state) = 'attached'
        and candidates.os_type is null
        and {{ x_date_diff(
            'cast(coalesce(candidates.last_ownership_update_at, candidates.created_at) as date)',
            'candidates.observed_date'
        ) }} >= candidates.window_days

)

{{ select_findings('azure_disk_idle_attached', conditions) }}
