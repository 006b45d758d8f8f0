{%- set conditions = [
    condition(
        'operations', 'reads_sum + writes_sum', '<=', 'max_operations', 'operations',
        ['reads', 'writes'], 'sum'
    ),
] -%}

{% call findings('aws_ebs_volume_idle_attached', 'aws_ebs_volumes', conditions) -%}
    select
        candidates.*,
        'high' as confidence,
        size_gib || ' GiB ' || volume_type as current_value

    from candidates
    where
        state = 'in-use'
        and not is_shared
        and not is_root
        and machine_state = 'running'
        and machine_managing_service is null
        and attached_days >= window_days
{%- endcall %}
