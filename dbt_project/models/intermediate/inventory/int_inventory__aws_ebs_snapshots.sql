{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__ebs_snapshots') }}
    where {{ in_latest_snapshots('aws_ebs_snapshots') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('aws_ebs_snapshots', created='started_at', description='description') }}

select * from resources
