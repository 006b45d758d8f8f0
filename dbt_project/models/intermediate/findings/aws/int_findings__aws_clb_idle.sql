{%- set conditions = [
    condition(
        'traffic', 'coalesce(requests_sum, 0) + coalesce(bytes_sum, 0)', '<=', 'max_requests',
        'requests or bytes', ['requests', 'bytes'], 'sum', is_covered=false
    ),
] -%}

{% call findings('aws_clb_idle', 'aws_classic_load_balancers', conditions) -%}
    -- without traffic these metrics have no data points: where the region's were read, none is zero
    select
        candidates.*,
        'high' as confidence,
        scheme as current_value

    from candidates
    where
        scheme is not null
        and {{ is_silence_known('candidates') }}
{%- endcall %}
