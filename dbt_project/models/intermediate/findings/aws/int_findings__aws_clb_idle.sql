{%- set conditions = [
    condition(
        'requests', 'coalesce(requests_sum, 0)', '<=', 'max_requests', 'requests',
        ['requests'], 'sum', is_covered=false
    ),
] -%}

with

{{ candidates(
    'aws_clb_idle', ref('int_inventory__aws_classic_load_balancers'), conditions,
    utilization={'requests': 'RequestCount'}
) }},

findings as (

    -- without traffic these metrics have no data points: where the region's were read, none is zero
    select
        candidates.*,
        'high' as confidence,
        scheme as current_value

    from candidates
    where
        scheme is not null
        and {{ is_silence_known('candidates') }}

)

{{ select_findings('aws_clb_idle', conditions) }}
