{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_azure__nat_gateways') }}
    where {{ in_latest_snapshots('azure_nat_gateways') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('azure_nat_gateways') }}

select * from resources
