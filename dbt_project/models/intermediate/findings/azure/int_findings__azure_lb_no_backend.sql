{%- set conditions = [
    condition('days_known', 'days_known', '>=', 'min_days_known', 'days'),
] -%}

with

{{ candidates(
    'azure_lb_no_backend', ref('int_inventory__azure_load_balancers'), conditions, known_days=true
) }},

findings as (

    select
        candidates.*,
        greatest(coalesce(billed_day_count, 0), coalesce(seen_days, 0)) as days_known,
        'high' as confidence,
        sku_name as current_value

    from candidates
    where
        lower(sku_name) = 'standard'
        and backend_member_count = 0
        and inbound_nat_rule_count = 0

)

{{ select_findings('azure_lb_no_backend', conditions) }}
