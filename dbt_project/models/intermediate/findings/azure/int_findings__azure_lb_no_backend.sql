{%- set conditions = [
    condition('days_known', 'days_known', '>=', 'min_days_known', 'days'),
] -%}

{% call findings('azure_lb_no_backend', 'azure_load_balancers', conditions, known_days=true) -%}
    select
        candidates.*,
        'high' as confidence,
        sku_name as current_value

    from candidates
    where
        lower(sku_name) = 'standard'
        and backend_member_count = 0
        and inbound_nat_rule_count = 0
{%- endcall %}
