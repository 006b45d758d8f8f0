{%- set conditions = [
    condition('idle_days', 'idle_days', '>=', 'min_days_unassociated', 'days'),
] -%}

{% call findings('aws_eip_unassociated', 'aws_elastic_ips', conditions, known_days=true) -%}
    select
        candidates.*,
        coalesce(idle_address_day_count, seen_days) as idle_days,
        'high' as confidence,
        public_ip as current_value

    from candidates
    where association_id is null
{%- endcall %}
