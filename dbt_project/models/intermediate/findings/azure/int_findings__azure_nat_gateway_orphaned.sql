{%- set conditions = [
    condition('days_known', 'days_known', '>=', 'min_days_known', 'days'),
] -%}

with

{{ candidates(
    'azure_nat_gateway_orphaned', ref('int_inventory__azure_nat_gateways'), conditions, known_days=true
) }},

findings as (

    select
        candidates.*,
        greatest(coalesce(billed_day_count, 0), coalesce(seen_days, 0)) as days_known,
        'high' as confidence,
        sku_name as current_value

    from candidates
    where
        subnet_count = 0

)

{{ select_findings('azure_nat_gateway_orphaned', conditions) }}
