{{ config(materialized='table') }}

with

disks as (

    select * from {{ ref('int_inventory__azure_managed_disks') }}
    where sku_name = 'Premium_LRS'

),

tiers as (

    select * from {{ ref('azure_disk_tiers') }}

),

disk_moves as (

    select
        disks.*,
        premium.max_iops,
        premium.max_throughput_mbps as max_mbps,
        disks.size_gib || ' GiB ' || premium.tier || ' (' || premium.sku_name || ')'
            as current_value,
        cast(premium.list_price_usd_month as double) as current_list_price,
        standard.sku_name as target_sku_name,
        standard.max_iops as target_iops,
        standard.max_throughput_mbps as target_mbps,
        standard.tier || ' (' || standard.sku_name || ')' as target_value,
        cast(standard.list_price_usd_month as double) as target_list_price

    from disks
    inner join tiers as premium
        on
            disks.sku_name = premium.sku_name
            and {{ is_disk_tier('premium', 'disks.size_gib') }}
    inner join tiers as standard
        on
            disks.sku_name <> standard.sku_name
            and {{ is_disk_tier('standard', 'disks.size_gib') }}

)

select * from disk_moves
