{%- set conditions = [
    condition('days_deallocated', 'machine_inactive_days', '>=', 'min_days_deallocated', 'days'),
    price_condition(),
] -%}

{% call findings(
    'azure_disk_on_deallocated_vm', 'azure_disk_moves', conditions, is_priced=true
) -%}
    select
        candidates.*,
        'high' as confidence

    from candidates
    where
        machine_power_state = 'deallocated'
        and target_sku_name = 'Standard_LRS'
{%- endcall %}
