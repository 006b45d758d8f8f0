{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__launch_template_versions') }}
    where {{ in_latest_snapshots('aws_launch_template_versions') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('aws_launch_template_versions') }}

select * from resources
