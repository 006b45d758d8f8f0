{%- set conditions = [
    condition('days_deallocated', 'inactive_days', '>=', 'min_days_deallocated', 'days'),
] -%}

with

attachments as (

    select * from {{ ref('int_inventory__attachments') }}

),

{{ candidates(
    'azure_vm_deallocated_long', ref('int_inventory__azure_virtual_machines'), conditions
) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        vm_size as current_value

    from candidates
    where
        lower(power_state) = 'deallocated'
        and exists (
            select 1
            from attachments
            where
                attachments.tenant_id = candidates.tenant_id
                and attachments.resource_id = candidates.resource_id
        )

)

{{ select_findings('azure_vm_deallocated_long', conditions) }}
