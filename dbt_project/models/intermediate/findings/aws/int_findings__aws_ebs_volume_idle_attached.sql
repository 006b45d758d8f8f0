{%- set conditions = [
    condition(
        'operations', 'reads_sum + writes_sum', '<=', 'max_operations', 'operations',
        ['reads', 'writes'], 'sum'
    ),
] -%}

with

instances as (

    select * from {{ ref('int_inventory__aws_ec2_instances') }}
    where
        state = 'running'
        and managing_service is null

),

{{ candidates(
    'aws_ebs_volume_idle_attached', ref('int_inventory__aws_ebs_volumes'), conditions,
    utilization={'reads': 'VolumeReadOps', 'writes': 'VolumeWriteOps'}
) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        candidates.size_gib || ' GiB ' || candidates.volume_type as current_value

    from candidates
    inner join instances
        on
            candidates.tenant_id = instances.tenant_id
            and candidates.instance_id = instances.resource_id
            and candidates.device <> instances.root_device_name
    where
        candidates.state = 'in-use'
        and not {{ is_shared('candidates') }}
        and {{ x_date_diff('cast(candidates.attached_at as date)', 'candidates.observed_date') }}
        >= candidates.window_days

)

{{ select_findings('aws_ebs_volume_idle_attached', conditions) }}
