{%- set conditions = [
    condition('age_days', 'age_days', '>=', 'min_age_days', 'days'),
    condition('days_since_last_start', 'days_since_last_start', '>=', 'min_age_days', 'days'),
] -%}

with

{{ candidates('aws_ami_unused', ref('int_inventory__aws_amis'), conditions) }},

findings as (

    select
        candidates.*,
        {{ x_date_diff(
            'cast(coalesce(candidates.last_launched_at, candidates.created_at) as date)',
            'candidates.observed_date'
        ) }} as days_since_last_start,
        'medium' as confidence,
        'image' as current_value

    from candidates
    where
        candidates.state = 'available'
        and not candidates.is_public
        and {{ is_listed('aws_ec2_instances') }}
        and {{ is_listed('aws_launch_template_versions') }}
        and not {{ is_among(
            ref('int_inventory__image_uses'), 'image_id', 'candidates.resource_id'
        ) }}

)

{{ select_findings('aws_ami_unused', conditions) }}
