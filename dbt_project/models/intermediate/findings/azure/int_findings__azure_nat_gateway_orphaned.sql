{%- set conditions = [
    condition('days_known', 'days_known', '>=', 'min_days_known', 'days'),
] -%}

{% call findings(
    'azure_nat_gateway_orphaned', 'azure_nat_gateways', conditions, known_days=true
) -%}
    select
        candidates.*,
        'high' as confidence,
        sku_name as current_value

    from candidates
    where subnet_count = 0
{%- endcall %}
