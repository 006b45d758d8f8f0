{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__classic_load_balancers') }}
    where {{ in_latest_snapshots('aws_classic_load_balancers') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('aws_classic_load_balancers', created='created_at') }}

select * from resources
