{{ config(materialized='table') }}

with

instances as (

    select * from {{ ref('int_inventory__aws_ec2_instances') }}

),

stopped_instances as (

    -- EC2 names the time only in the reason: `User initiated (2026-05-01 08:00:00 GMT)`
    select
        instances.*,
        coalesce(
            {{ x_date_diff(
                'try_cast(' ~ x_regex(
                    'state_transition_reason', '[(]([0-9]{4}-[0-9]{2}-[0-9]{2}) [0-9:]+ GMT[)]'
                ) ~ ' as date)',
                'observed_date'
            ) }},
            inactive_days
        ) as stopped_days

    from instances
    where state = 'stopped'

)

select * from stopped_instances
