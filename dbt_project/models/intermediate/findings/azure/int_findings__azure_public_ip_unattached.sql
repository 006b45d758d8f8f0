{%- set conditions = [
    condition('days_known', 'days_known', '>=', 'min_days_known', 'days'),
] -%}

with

{{ candidates(
    'azure_public_ip_unattached', ref('int_inventory__azure_public_ips'), conditions, known_days=true
) }},

findings as (

    select
        candidates.*,
        greatest(coalesce(billed_day_count, 0), coalesce(seen_days, 0)) as days_known,
        'medium' as confidence,
        sku_name || ' ' || lower(allocation_method) as current_value

    from candidates
    where
        ip_configuration_id is null
        and nat_gateway_id is null
        and public_ip_prefix_id is null

)

{{ select_findings('azure_public_ip_unattached', conditions) }}
