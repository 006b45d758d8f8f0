{#-
    Machines whose load would fit a smaller size of their family; the target is the cheapest one.

    Of burstable families the processor's share is a credit, of accelerated ones the processor tells
    little, and a smaller size of a storage family, or of one with local disks, has fewer disks: all
    are left out. A size of a
    memory family is judged only where memory is known; of other families, a size with less than half
    the memory.

    Args:
        rule_id: The rule.
        memory_on_target: What of a target's memory would be used, in percent; over `candidates`,
            `sizes` and `smaller_sizes`.
        memory_statistic: What of the memory that is computed from, in words.
-#}
{% macro oversized_machines(rule_id, memory_on_target, memory_statistic) -%}
    {%- set words = machine_words(rule_id) -%}
    {%- set conditions = [
        condition(
            'cpu_p99_on_target', 'cpu_on_target', '<=', 'max_target_percent', '%', ['cpu'], 'p99'
        ),
        condition(
            'memory_on_target', 'memory_on_target', '<=', 'max_target_percent', '%', ['memory'],
            memory_statistic, is_optional=true
        ),
    ] -%}
    {%- set is_memory_known = 'candidates.memory_coverage_ratio >= candidates.min_coverage_ratio' -%}
{% call findings(
    rule_id, words.machines, conditions, is_priced=true, is_price_known=words.is_linux_priced,
    chart_limit='cpu_limit'
) -%}
    with

    steps as (

        -- each smaller size of the family, with what the load would be there
        select
            candidates.*,
            candidates.{{ words.size }} as current_value,
            smaller_sizes.{{ words.size }} as target_value,
            cast(sizes.list_price_usd_hour as double) as current_list_price,
            cast(smaller_sizes.list_price_usd_hour as double) as target_list_price,
            candidates.cpu_p99 * sizes.vcpus / smaller_sizes.vcpus as cpu_on_target,
            candidates.cpu_maximum * sizes.vcpus / smaller_sizes.vcpus as cpu_maximum_on_target,
            candidates.max_target_percent * smaller_sizes.vcpus / sizes.vcpus as cpu_limit,
            case when {{ is_memory_known }} then {{ memory_on_target }} end as memory_on_target

        from candidates
        inner join {{ ref(words.sizes) }} as sizes
            on candidates.{{ words.size }} = sizes.{{ words.size }}
        inner join {{ ref(words.sizes) }} as smaller_sizes
            on
                sizes.family = smaller_sizes.family
                and sizes.architecture = smaller_sizes.architecture
                and sizes.vcpus > smaller_sizes.vcpus
                and sizes.memory_gib >= smaller_sizes.memory_gib
                and sizes.list_price_usd_hour > smaller_sizes.list_price_usd_hour
        where
            {{ words.is_running }}
            and candidates.age_days >= candidates.window_days
            and sizes.family_class not in ('accelerated', 'burstable', 'storage')
            and not {{ words.has_local_disks }}
            and (
                {{ is_memory_known }}
                or (
                    sizes.family_class <> 'memory'
                    and 2 * smaller_sizes.memory_gib >= sizes.memory_gib
                )
            )

    ),

    fitting_steps as (

        select
            *,
            row_number() over (
                partition by tenant_id, resource_id
                order by target_list_price asc nulls last, target_value asc nulls last
            ) as step_rank

        from steps
        where {{ hold(conditions) }}

    )

    select
        *,
        case
            when memory_on_target is not null and {{ words.is_peak_held }} then 'high'
            else 'low'
        end as confidence

    from fitting_steps
    where step_rank = 1
{%- endcall %}
{%- endmacro %}
