{%- set conditions = [
    condition(
        'bytes', 'bytes_out_sum + bytes_in_sum', '<=', 'max_bytes', 'bytes',
        ['bytes_out', 'bytes_in'], 'sum'
    ),
] -%}

with

{{ candidates(
    'aws_nat_gateway_idle', ref('int_inventory__aws_nat_gateways'), conditions,
    utilization={'bytes_out': 'BytesOutToDestination', 'bytes_in': 'BytesInFromSource'}
) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        connectivity_type as current_value

    from candidates
    where
        state = 'available'
        and age_days >= window_days

)

{{ select_findings('aws_nat_gateway_idle', conditions) }}
