{%- set conditions = [
    condition('days_stopped', 'stopped_days', '>=', 'min_days_stopped', 'days'),
] -%}

{% call findings('aws_ec2_instance_stopped_long', 'aws_ec2_instances', conditions) -%}
    select
        candidates.*,
        'high' as confidence,
        instance_type as current_value

    from candidates
    where
        {{ is_among(
            ref('int_inventory__attachments'), 'resource_id', 'candidates.resource_id'
        ) }}
{%- endcall %}
