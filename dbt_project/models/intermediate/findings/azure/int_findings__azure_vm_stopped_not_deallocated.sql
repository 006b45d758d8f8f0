{%- set conditions = [
    condition('days_stopped', 'inactive_days', '>=', 'min_days_stopped', 'days'),
] -%}

{% call findings('azure_vm_stopped_not_deallocated', 'azure_virtual_machines', conditions) -%}
    select
        candidates.*,
        'high' as confidence,
        vm_size as current_value

    from candidates
    where lower(power_state) = 'stopped'
{%- endcall %}
