{%- set conditions = [
    condition('days_deallocated', 'days_deallocated', '>=', 'min_days_deallocated', 'days'),
    price_condition(),
] -%}

with

machines as (

    select * from {{ ref('int_inventory__azure_virtual_machines') }}
    where lower(power_state) = 'deallocated'

),

tiers as (

    select * from {{ ref('azure_disk_tiers') }}

),

{{ candidates(
    'azure_disk_on_deallocated_vm', ref('int_inventory__azure_managed_disks'), conditions
) }},

findings as (

    select
        candidates.*,
        machines.inactive_days as days_deallocated,
        'high' as confidence,
        candidates.size_gib || ' GiB ' || premium.tier || ' (' || premium.sku_name || ')'
            as current_value,
        standard.tier || ' (' || standard.sku_name || ')' as target_value,
        cast(premium.list_price_usd_month as double) as current_list_price,
        cast(standard.list_price_usd_month as double) as target_list_price

    from candidates
    inner join machines
        on
            candidates.tenant_id = machines.tenant_id
            and candidates.managed_by = machines.resource_id
    inner join tiers as premium
        on
            candidates.sku_name = premium.sku_name
            and {{ is_disk_tier('premium', 'candidates.size_gib') }}
    inner join tiers as standard
        on
            standard.sku_name = 'Standard_LRS'
            and {{ is_disk_tier('standard', 'candidates.size_gib') }}
    where candidates.sku_name = 'Premium_LRS'

)

{{ select_findings('azure_disk_on_deallocated_vm', conditions, is_priced=true) }}
