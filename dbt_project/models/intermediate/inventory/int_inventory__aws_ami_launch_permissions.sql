{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__ami_launch_permissions') }}
    where {{ in_latest_snapshots('aws_ami_launch_permissions') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('aws_ami_launch_permissions') }}

select * from resources
