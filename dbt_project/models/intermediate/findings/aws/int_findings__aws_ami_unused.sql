{%- set conditions = [
    condition('age_days', 'age_days', '>=', 'min_age_days', 'days'),
    condition('days_since_last_start', 'days_since_last_start', '>=', 'min_age_days', 'days'),
] -%}

{% call findings(
    'aws_ami_unused', 'aws_amis', conditions, is_cost_shared='is_storage_shared'
) -%}
    select
        candidates.*,
        'medium' as confidence,
        'image' as current_value

    from candidates
    where
        state = 'available'
        and not is_public
        and not is_shared
        and not is_used
        and is_use_known
{%- endcall %}
