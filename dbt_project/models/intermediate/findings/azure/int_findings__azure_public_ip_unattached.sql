{%- set conditions = [
    condition('days_known', 'days_known', '>=', 'min_days_known', 'days'),
] -%}

{% call findings('azure_public_ip_unattached', 'azure_public_ips', conditions, known_days=true) -%}
    select
        candidates.*,
        'medium' as confidence,
        sku_name || ' ' || lower(allocation_method) as current_value

    from candidates
    where
        ip_configuration_id is null
        and nat_gateway_id is null
        and public_ip_prefix_id is null
{%- endcall %}
