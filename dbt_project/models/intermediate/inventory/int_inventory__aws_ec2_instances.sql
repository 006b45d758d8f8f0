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

{{ latest_resources('aws_ec2_instances', created='launched_at') }}

select * from resources
