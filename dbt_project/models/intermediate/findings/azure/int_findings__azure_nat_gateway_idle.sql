{%- set conditions = [
    condition('bytes', 'bytes_sum', '<=', 'max_bytes', 'bytes', ['bytes'], 'sum'),
] -%}

{% call findings('azure_nat_gateway_idle', 'azure_nat_gateways', conditions) -%}
    select
        candidates.*,
        'high' as confidence,
        sku_name as current_value

    from candidates
    where subnet_count > 0
{%- endcall %}
