{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__ec2_instances') }}
    where {{ in_latest_snapshots('aws_ec2_instances') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('aws_ec2_instances', created='launched_at') }},

instances as (

    -- EC2 names the time only in the reason: `User initiated (2026-05-01 08:00:00 GMT)`
    select
        resources.*,
        case
            when state = 'stopped'
                then
                    coalesce(
                        {{ x_date_diff(
                            'try_cast(' ~ x_regex(
                                'state_transition_reason',
                                '[(]([0-9]{4}-[0-9]{2}-[0-9]{2}) [0-9:]+ GMT[)]'
                            ) ~ ' as date)',
                            'observed_date'
                        ) }},
                        inactive_days
                    )
        end as stopped_days

    from resources

)

select * from instances
