{%- set conditions = [
    condition(
        'bytes', 'bytes_out_sum + bytes_in_sum', '<=', 'max_bytes', 'bytes',
        ['bytes_out', 'bytes_in'], 'sum'
    ),
] -%}

{% call findings('aws_nat_gateway_idle', 'aws_nat_gateways', conditions) -%}
    select
        candidates.*,
        'high' as confidence,
        connectivity_type as current_value

    from candidates
    where
        state = 'available'
        and age_days >= window_days
{%- endcall %}
