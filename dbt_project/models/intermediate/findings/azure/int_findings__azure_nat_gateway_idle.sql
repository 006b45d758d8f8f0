{%- set conditions = [
    condition('bytes', 'bytes_sum', '<=', 'max_bytes', 'bytes', ['bytes'], 'sum'),
] -%}

with

{{ candidates(
    'azure_nat_gateway_idle', ref('int_inventory__azure_nat_gateways'), conditions,
    utilization={'bytes': 'ByteCount'}
) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        sku_name as current_value

    from candidates
    where
        subnet_count > 0

)

{{ select_findings('azure_nat_gateway_idle', conditions) }}
