{#-
    Machines that neither compute nor talk. Accelerated ones are left out: what their accelerators
    do shows in no metric of the machine.

    Args:
        rule_id: The rule.
-#}
{% macro idle_machines(rule_id) -%}
    {%- set words = machine_words(rule_id) -%}
    {%- set conditions = [
        condition('cpu_p95', 'cpu_p95', '<', 'max_cpu_p95_percent', '%', ['cpu'], 'p95'),
        condition('cpu_maximum', 'cpu_maximum', '<', 'max_cpu_percent', '%', ['cpu'], 'maximum'),
        condition(
            'network', 'network_bytes_per_second', '<', 'max_network_bytes_per_second',
            'bytes a second', ['network_in', 'network_out'], 'mean'
        ),
    ] -%}
{% call findings(rule_id, words.machines, conditions) -%}
    select
        candidates.*,
        candidates.network_in_sum / candidates.network_in_measured_seconds
        + candidates.network_out_sum / candidates.network_out_measured_seconds
            as network_bytes_per_second,
        'high' as confidence,
        candidates.{{ words.size }} as current_value

    from candidates
    left outer join {{ ref(words.sizes) }} as sizes
        on candidates.{{ words.size }} = sizes.{{ words.size }}
    where
        {{ words.is_running }}
        and candidates.age_days >= candidates.window_days
        and not coalesce(sizes.family_class = 'accelerated', {{ words.is_named_accelerated }})
{%- endcall %}
{%- endmacro %}
