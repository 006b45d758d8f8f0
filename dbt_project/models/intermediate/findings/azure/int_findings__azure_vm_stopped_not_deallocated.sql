{%- set conditions = [
    condition('days_stopped', 'inactive_days', '>=', 'min_days_stopped', 'days'),
] -%}

with

{{ candidates(
    'azure_vm_stopped_not_deallocated', ref('int_inventory__azure_virtual_machines'), conditions
) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        vm_size as current_value

    from candidates
    where
        lower(power_state) = 'stopped'

)

{{ select_findings('azure_vm_stopped_not_deallocated', conditions) }}
