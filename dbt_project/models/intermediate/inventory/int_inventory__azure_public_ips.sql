{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_azure__public_ips') }}
    where {{ in_latest_snapshots('azure_public_ips') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('azure_public_ips') }}

select * from resources
