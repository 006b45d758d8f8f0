{%- set conditions = [
    condition('days_deallocated', 'inactive_days', '>=', 'min_days_deallocated', 'days'),
] -%}

{% call findings('azure_vm_deallocated_long', 'azure_virtual_machines', conditions) -%}
    select
        candidates.*,
        'high' as confidence,
        vm_size as current_value

    from candidates
    where
        lower(power_state) = 'deallocated'
        and {{ is_among(
            ref('int_inventory__attachments'), 'resource_id', 'candidates.resource_id'
        ) }}
{%- endcall %}
