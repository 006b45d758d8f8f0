{%- set conditions = [
    condition('bytes', 'bytes_sum', '<=', 'max_bytes', 'bytes', ['bytes'], 'sum'),
    condition('packets', 'packets_sum', '<=', 'max_bytes', 'packets', ['packets'], 'sum'),
] -%}

{% call findings('azure_lb_idle', 'azure_load_balancers', conditions) -%}
    select
        candidates.*,
        'high' as confidence,
        sku_name as current_value

    from candidates
    where
        lower(sku_name) = 'standard'
        and backend_member_count > 0
{%- endcall %}
