{%- set conditions = [
    condition('age_days', 'age_days', '>=', 'min_age_days', 'days'),
    condition('days_since_last_start', 'days_since_last_start', '>=', 'min_age_days', 'days'),
] -%}

with

instances as (

    select * from {{ ref('int_inventory__aws_ec2_instances') }}

),

launch_templates as (

    select * from {{ ref('int_inventory__aws_launch_template_versions') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

uses as (

    select
        tenant_id,
        image_id

    from instances
    where state <> 'terminated'
    union all
    select
        tenant_id,
        image_id

    from launch_templates

),

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
        and {{ is_listed('scopes', 'candidates', 'aws_ec2_instances') }}
        and {{ is_listed('scopes', 'candidates', 'aws_launch_template_versions') }}
        and not exists (
            select 1
            from uses
            where
                uses.tenant_id = candidates.tenant_id
                and uses.image_id = candidates.resource_id
        )

)

{{ select_findings('aws_ami_unused', conditions) }}
