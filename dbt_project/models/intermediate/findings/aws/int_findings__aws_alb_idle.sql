{%- set conditions = [
    condition(
        'traffic', 'coalesce(requests_sum, 0) + coalesce(bytes_sum, 0)', '<=', 'max_requests',
        'requests or bytes', ['requests', 'bytes'], 'sum', is_covered=false
    ),
] -%}
{%- set chart_metric = "case load_balancer_type when 'network' then 'ProcessedBytes' end" -%}

{% call findings('aws_alb_idle', 'aws_load_balancers', conditions, chart_metric=chart_metric) -%}
    -- without traffic these metrics have no data points: where the region's were read, none is zero
    select
        candidates.*,
        'high' as confidence,
        load_balancer_type as current_value

    from candidates
    where
        state = 'active'
        and load_balancer_type in ('application', 'network')
        and {{ is_silence_known('candidates') }}
{%- endcall %}
