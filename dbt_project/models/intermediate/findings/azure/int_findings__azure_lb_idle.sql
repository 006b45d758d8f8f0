{%- set conditions = [
    condition('bytes', 'bytes_sum', '<=', 'max_bytes', 'bytes', ['bytes'], 'sum'),
    condition('packets', 'packets_sum', '<=', 'max_bytes', 'packets', ['packets'], 'sum'),
] -%}

with

{{ candidates(
    'azure_lb_idle', ref('int_inventory__azure_load_balancers'), conditions,
    utilization={'bytes': 'ByteCount', 'packets': 'PacketCount'}
) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        sku_name as current_value

    from candidates
    where
        lower(sku_name) = 'standard'
        and backend_member_count > 0

)

{{ select_findings('azure_lb_idle', conditions) }}
