{%- set conditions = [
    condition('age_days', 'age_days', '>=', 'min_age_days', 'days'),
    condition('days_since_last_start', 'days_since_last_start', '>=', 'min_age_days', 'days'),
] -%}

with

attachments as (

    select * from {{ ref('int_inventory__attachments') }}

),

snapshots as (

    select * from {{ ref('int_inventory__aws_ebs_snapshots') }}

),

chained_images as (

    select distinct
        attachments.tenant_id,
        attachments.resource_id

    from attachments
    inner join snapshots
        on
            attachments.tenant_id = snapshots.tenant_id
            and attachments.attached_resource_id = snapshots.resource_id
    where snapshots.chain_snapshot_count > 1

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
        'image' as current_value,
        chained_images.resource_id is not null as is_of_chains

    from candidates
    left outer join chained_images
        on
            candidates.tenant_id = chained_images.tenant_id
            and candidates.resource_id = chained_images.resource_id
    where
        candidates.state = 'available'
        and not candidates.is_public
        and {{ is_listed('aws_ec2_instances') }}
        and {{ is_listed('aws_launch_template_versions') }}
        and not {{ is_among(
            ref('int_inventory__image_uses'), 'image_id', 'candidates.resource_id'
        ) }}

)

{{ select_findings('aws_ami_unused', conditions, is_cost_shared='is_of_chains') }}
