{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__nat_gateways') }}
    where {{ in_latest_snapshots('aws_nat_gateways') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('aws_nat_gateways', created='created_at') }}

select * from resources
