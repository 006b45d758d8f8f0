{%- set conditions = [
    condition('age_days', 'age_days', '>=', 'min_age_days', 'days'),
] -%}

with

{{ candidates('aws_ebs_snapshot_old', ref('int_inventory__aws_ebs_snapshots'), conditions) }},

findings as (

    select
        candidates.*,
        'medium' as confidence,
        'snapshot of ' || volume_size_gib || ' GiB' as current_value,
        {{ is_chain_kept('candidates.volume_id') }} as is_chain_kept

    from candidates
    where
        state = 'completed'
        and storage_tier = 'standard'
        and {{ is_listed('aws_amis', 'candidates.started_at') }}
        and not {{ is_among(
            ref('int_inventory__attachments'), 'attached_resource_id', 'candidates.resource_id'
        ) }}

)

{{ select_findings('aws_ebs_snapshot_old', conditions, is_cost_shared='is_chain_kept') }}
