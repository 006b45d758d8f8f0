{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_azure__managed_disks') }}
    where {{ in_latest_snapshots('azure_managed_disks') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

{{ latest_resources('azure_managed_disks', created='created_at') }}

select * from resources
