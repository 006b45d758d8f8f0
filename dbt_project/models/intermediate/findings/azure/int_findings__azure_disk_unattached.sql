{%- set conditions = [
    condition('days_unattached', 'days_unattached', '>=', 'min_days_unattached', 'days'),
] -%}

with

{{ candidates(
    'azure_disk_unattached', ref('int_inventory__azure_managed_disks'), conditions, ['high_confidence_days']
) }},

detached as (

    select
        candidates.*,
        {{ x_date_diff(
            'cast(coalesce(last_ownership_update_at, created_at) as date)', 'observed_date'
        ) }} as days_unattached

    from candidates
    where
        lower(disk_state) = 'unattached'
        and managed_by is null

),

findings as (

    select
        detached.*,
        case when days_unattached >= high_confidence_days then 'high' else 'low' end as confidence,
        size_gib || ' GiB ' || sku_name as current_value

    from detached

)

{{ select_findings('azure_disk_unattached', conditions) }}
