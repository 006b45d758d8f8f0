{%- set conditions = [
    condition(
        'price_ratio_percent', '100 * target_list_price / current_list_price', '<=',
        'max_price_ratio_percent', '%'
    ),
] -%}

with

machines as (

    select * from {{ ref('int_inventory__aws_ec2_instances') }}

),

sizes as (

    select * from {{ ref('aws_instance_types') }}

),

{{ candidates('aws_ec2_previous_generation', 'machines', conditions) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        sizes.instance_type as current_value,
        successor.instance_type as target_value,
        cast(sizes.list_price_usd_hour as double) as current_list_price,
        cast(successor.list_price_usd_hour as double) as target_list_price

    from candidates
    inner join sizes
        on candidates.instance_type = sizes.instance_type
    inner join sizes as successor
        on sizes.successor_type = successor.instance_type
    where candidates.state = 'running'

)

{{ select_findings('aws_ec2_previous_generation', conditions, is_priced=true) }}
