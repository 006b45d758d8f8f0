{%- set conditions = [
    condition('days_unattached', 'ownership_days', '>=', 'min_days_unattached', 'days'),
] -%}

{% call findings(
    'azure_disk_unattached', 'azure_managed_disks', conditions, ['high_confidence_days']
) -%}
    select
        candidates.*,
        case when ownership_days >= high_confidence_days then 'high' else 'low' end as confidence,
        size_gib || ' GiB ' || sku_name as current_value

    from candidates
    where
        lower(disk_state) = 'unattached'
        and managed_by is null
{%- endcall %}
