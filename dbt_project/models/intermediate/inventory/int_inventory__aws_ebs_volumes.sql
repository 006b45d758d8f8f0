{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__ebs_volumes') }}
    where {{ in_latest_snapshots('aws_ebs_volumes') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

instances as (

    select * from {{ ref('int_inventory__aws_ec2_instances') }}

),

{{ latest_resources('aws_ebs_volumes', created='created_at') }},

volumes as (

    select
        resources.*,
        {{ is_shared('resources') }} as is_shared,
        resources.device = instances.root_device_name as is_root,
        {{ x_date_diff('cast(resources.attached_at as date)', 'resources.observed_date') }}
            as attached_days,
        instances.state as machine_state,
        instances.stopped_days as machine_stopped_days,
        instances.managing_service as machine_managing_service

    from resources
    left outer join instances
        on
            resources.tenant_id = instances.tenant_id
            and resources.instance_id = instances.resource_id

)

select * from volumes
