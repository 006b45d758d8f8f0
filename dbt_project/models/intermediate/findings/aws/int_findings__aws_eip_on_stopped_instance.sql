{%- set conditions = [
    condition('days_stopped', 'machine_stopped_days', '>=', 'min_days_stopped', 'days'),
] -%}

{% call findings('aws_eip_on_stopped_instance', 'aws_elastic_ips', conditions) -%}
    select
        candidates.*,
        'high' as confidence,
        public_ip as current_value

    from candidates
    where machine_managing_service is null
{%- endcall %}
