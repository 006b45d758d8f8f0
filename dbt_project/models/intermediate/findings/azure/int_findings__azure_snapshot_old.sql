{%- set conditions = [
    condition('age_days', 'age_days', '>=', 'min_age_days', 'days'),
] -%}

with

{{ candidates('azure_snapshot_old', ref('int_inventory__azure_snapshots'), conditions) }},

findings as (

    select
        candidates.*,
        case when is_incremental then 'medium' else 'high' end as confidence,
        'snapshot of ' || size_gib || ' GiB' as current_value,
        {{ is_chain_kept('lower(candidates.source_resource_id)') }} as is_chain_kept

    from candidates

)

{{ select_findings('azure_snapshot_old', conditions, is_cost_shared='is_chain_kept') }}
