{%- set conditions = [
    condition('age_days', 'age_days', '>=', 'min_age_days', 'days'),
] -%}

with

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}
    where table_name = 'azure_managed_disks'

),

{{ candidates('azure_snapshot_orphaned', ref('int_inventory__azure_snapshots'), conditions) }},

findings as (

    select
        candidates.*,
        'medium' as confidence,
        'snapshot of ' || candidates.size_gib || ' GiB' as current_value,
        {{ is_chain_kept('lower(candidates.source_resource_id)') }} as is_chain_kept

    from candidates
    where
        lower(candidates.source_resource_id) like '%/microsoft.compute/disks/%'
        and exists (
            select 1
            from scopes
            where
                scopes.tenant_id = candidates.tenant_id
                and lower(candidates.source_resource_id)
                like '/subscriptions/' || lower(scopes.sub_account_id) || '/%'
                and scopes.snapshot_date > cast(candidates.created_at as date)
        )
        and not {{ is_among(
            ref('int_inventory__azure_managed_disks'), 'resource_id',
            'lower(candidates.source_resource_id)'
        ) }}

)

{{ select_findings('azure_snapshot_orphaned', conditions, is_cost_shared='is_chain_kept') }}
