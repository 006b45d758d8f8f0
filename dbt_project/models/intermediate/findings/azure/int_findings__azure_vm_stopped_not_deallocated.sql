{%- set conditions = [
    condition('days_stopped', 'inactive_days', '>=', 'min_days_stopped', 'days'),
] -%}

with

machines as (

    select * from {{ ref('int_inventory__azure_virtual_machines') }}

),

{{ candidates('azure_vm_stopped_not_deallocated', 'machines', conditions) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        vm_size as current_value,
        cast(null as varchar) as target_value

    from candidates
    where
        lower(power_state) = 'stopped'

)

{{ select_findings('azure_vm_stopped_not_deallocated', conditions) }}
