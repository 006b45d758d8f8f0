{%- set conditions = [
    condition('days_stopped', 'machine_stopped_days', '>=', 'min_days_stopped', 'days'),
] -%}

{% call findings('aws_ebs_volume_on_stopped_instance', 'aws_ebs_volumes', conditions) -%}
    select
        candidates.*,
        'high' as confidence,
        size_gib || ' GiB ' || volume_type as current_value

    from candidates
    where
        machine_managing_service is null
        and not is_shared
{%- endcall %}
