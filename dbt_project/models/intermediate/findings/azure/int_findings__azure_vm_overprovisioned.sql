{%- set conditions = [
    condition(
        'cpu_p99_on_target', 'cpu_on_target', '<=', 'max_target_percent', '%', ['cpu'], 'p99'
    ),
    condition(
        'memory_on_target', 'memory_on_target', '<=', 'max_target_percent', '%', ['memory'],
        'minimum available', is_optional=true
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
    'azure_vm_overprovisioned', 'machines', conditions,
    utilization={'cpu': 'Percentage CPU', 'memory': 'Available Memory Bytes'}
) }},

steps as (

    -- each smaller size of the family, with what the load would be there
    select
        candidates.*,
        smaller_sizes.vm_size as target_value,
        sizes.list_price_usd_hour as current_list_price,
        smaller_sizes.list_price_usd_hour as target_list_price,
        candidates.cpu_p99 * sizes.vcpus / smaller_sizes.vcpus as cpu_on_target,
        case
            when candidates.memory_coverage_ratio >= candidates.min_coverage_ratio
                then
                    100
                    * (sizes.memory_gib - candidates.memory_minimum / 1073741824)
                    / smaller_sizes.memory_gib
        end as memory_on_target

    from candidates
    inner join sizes
        on candidates.vm_size = sizes.vm_size
    inner join sizes as smaller_sizes
        on
            sizes.family = smaller_sizes.family
            and sizes.architecture = smaller_sizes.architecture
            and sizes.vcpus > smaller_sizes.vcpus
            and sizes.memory_gib >= smaller_sizes.memory_gib
            and sizes.list_price_usd_hour > smaller_sizes.list_price_usd_hour
    where
        lower(candidates.power_state) = 'running'
        and candidates.age_days >= candidates.window_days
        and sizes.family_class not in ('accelerated', 'burstable')
        and (
            sizes.family_class <> 'memory'
            or candidates.memory_coverage_ratio >= candidates.min_coverage_ratio
        )

),

fitting_steps as (

    select
        steps.*,
        row_number() over (
            partition by tenant_id, resource_id
            order by target_list_price asc nulls last, target_value asc nulls last
        ) as step_rank

    from steps
    where {{ hold(conditions) }}

),

findings as (

    select
        fitting_steps.*,
        case when memory_on_target is null then 'low' else 'high' end as confidence,
        vm_size as current_value

    from fitting_steps
    where step_rank = 1

)

{{ select_findings('azure_vm_overprovisioned', conditions, is_priced=true) }}
