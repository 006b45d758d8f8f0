{%- set conditions = [
    condition(
        'complete_days_without_data', 'inactive_days', '>=', 'min_days_unattached', 'days'
    ),
] -%}

{% call findings(
    'aws_ebs_volume_unattached', 'aws_ebs_volumes', conditions, ['high_confidence_days']
) -%}
    select
        candidates.*,
        case when inactive_days >= high_confidence_days then 'high' else 'low' end as confidence,
        size_gib || ' GiB ' || volume_type as current_value

    from candidates
    where state = 'available'
{%- endcall %}
