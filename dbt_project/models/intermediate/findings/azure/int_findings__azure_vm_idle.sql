{%- set conditions = [
    condition('cpu_p95', 'cpu_p95', '<', 'max_cpu_p95_percent', '%', ['cpu'], 'p95'),
    condition('cpu_maximum', 'cpu_maximum', '<', 'max_cpu_percent', '%', ['cpu'], 'maximum'),
    condition(
        'network', 'network_bytes_per_second', '<', 'max_network_bytes_per_second',
        'bytes a second', ['network_in', 'network_out'], 'mean'
    ),
] -%}

with

machines as (

    select * from {{ ref('int_inventory__azure_virtual_machines') }}

),

sizes as (

    select * from {{ ref('azure_vm_sizes') }}

),

{{ candidates(
    'azure_vm_idle', 'machines', conditions,
    utilization={
        'cpu': 'Percentage CPU',
        'network_in': 'Network In Total',
        'network_out': 'Network Out Total',
    }
) }},

findings as (

    select
        candidates.*,
        (candidates.network_in_sum + candidates.network_out_sum) / 86400
        / least(candidates.network_in_complete_day_count, candidates.network_out_complete_day_count)
            as network_bytes_per_second,
        'high' as confidence,
        candidates.vm_size as current_value,
        cast(null as varchar) as target_value

    from candidates
    left outer join sizes
        on candidates.vm_size = sizes.vm_size
    where
        lower(candidates.power_state) = 'running'
        and candidates.age_days >= candidates.window_days
        and coalesce(sizes.family_class, '') <> 'accelerated'

)

{{ select_findings('azure_vm_idle', conditions) }}
