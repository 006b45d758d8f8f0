{%- set conditions = [
    condition(
        'price_ratio_percent', '100 * target_list_price / current_list_price', '<=',
        'max_price_ratio_percent', '%'
    ),
] -%}

with

machines as (

    select * from {{ ref('int_inventory__azure_virtual_machines') }}

),

sizes as (

    select * from {{ ref('azure_vm_sizes') }}

),

{{ candidates('azure_vm_superseded_series', 'machines', conditions) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        sizes.vm_size as current_value,
        successor.vm_size as target_value,
        cast(sizes.list_price_usd_hour as double) as current_list_price,
        cast(successor.list_price_usd_hour as double) as target_list_price

    from candidates
    inner join sizes
        on candidates.vm_size = sizes.vm_size
    inner join sizes as successor
        on sizes.successor_size = successor.vm_size
    where lower(candidates.power_state) = 'running'

)

{{ select_findings('azure_vm_superseded_series', conditions, is_priced=true) }}
