{%- set conditions = [
    condition('bytes', 'bytes_sum', '<=', 'max_bytes', 'bytes', ['bytes'], 'sum'),
] -%}

with

gateways as (

    select * from {{ ref('int_inventory__azure_nat_gateways') }}

),

{{ candidates(
    'azure_nat_gateway_idle', 'gateways', conditions,
    utilization={'bytes': 'ByteCount'}
) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        sku_name as current_value,
        cast(null as varchar) as target_value

    from candidates
    where
        subnet_count > 0

)

{{ select_findings('azure_nat_gateway_idle', conditions) }}
