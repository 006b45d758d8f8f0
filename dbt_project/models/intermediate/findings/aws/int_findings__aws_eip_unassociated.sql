{%- set conditions = [
    condition('idle_days', 'idle_days', '>=', 'min_days_unassociated', 'days'),
] -%}

{% call findings('aws_eip_unassociated', 'aws_elastic_ips', conditions, known_days=true) -%}
    select
        candidates.*,
        case
            when is_used_since then idle_address_day_count
            else greatest(coalesce(idle_address_day_count, 0), coalesce(seen_days, 0))
        end as idle_days,
        'high' as confidence,
        public_ip as current_value

    from candidates
    where association_id is null
{%- endcall %}
