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

{{ latest_resources('aws_elastic_ips') }}

select * from resources
