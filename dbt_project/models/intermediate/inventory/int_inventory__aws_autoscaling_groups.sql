{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__autoscaling_groups') }}
    where {{ in_latest_snapshots('aws_autoscaling_groups') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('aws_autoscaling_groups', created='created_at') }},

groups as (

    -- launch configurations are not read, for they answer with user data: which image one starts is
    -- known from the machines that its group has started from it
    select
        resources.*,
        launch_configuration_name is not null
        and replace(
            coalesce(started_launch_configuration_names, '[]'),
            '"' || launch_configuration_name || '"',
            ''
        ) = coalesce(started_launch_configuration_names, '[]') as is_image_hidden

    from resources

)

select * from groups
