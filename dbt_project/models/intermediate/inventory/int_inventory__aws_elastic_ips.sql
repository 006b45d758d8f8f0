{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__elastic_ips') }}
    where {{ in_latest_snapshots('aws_elastic_ips') }}

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

{{ latest_resources('aws_elastic_ips') }},

addresses as (

    select
        resources.*,
        instances.stopped_days as machine_stopped_days,
        instances.managing_service as machine_managing_service

    from resources
    left outer join instances
        on
            resources.tenant_id = instances.tenant_id
            and resources.instance_id = instances.resource_id

)

select * from addresses
