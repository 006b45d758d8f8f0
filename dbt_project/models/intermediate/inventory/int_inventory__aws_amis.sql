{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__amis') }}
    where {{ in_latest_snapshots('aws_amis') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('aws_amis', created='created_at') }}

select * from resources
