{%- set conditions = [
    condition('age_days', 'age_days', '>=', 'min_age_days', 'days'),
] -%}

{% call findings(
    'aws_ebs_snapshot_orphaned', 'aws_ebs_snapshots', conditions, exemptions=true,
    is_cost_shared=is_chain_kept()
) -%}
    select
        candidates.*,
        'medium' as confidence,
        'snapshot of ' || volume_size_gib || ' GiB' as current_value

    from candidates
    where
        state = 'completed'
        and storage_tier = 'standard'
        and is_source_gone
        and is_use_known
        and not {{ is_among(
            ref('int_inventory__attachments'), 'attached_resource_id', 'candidates.resource_id'
        ) }}
{%- endcall %}
