{{ config(materialized='table') }}

with

volumes as (

    select * from {{ ref('int_inventory__aws_ebs_volumes') }}

),

addresses as (

    select * from {{ ref('int_inventory__aws_elastic_ips') }}

),

images as (

    select * from {{ ref('int_inventory__aws_amis') }}

),

disks as (

    select * from {{ ref('int_inventory__azure_managed_disks') }}

),

image_snapshots as (

    {{ x_explode_list('images', ['tenant_id', 'resource_id'], 'snapshot_ids') }}

),

attachments as (

    select
        tenant_id,
        instance_id as resource_id,
        resource_id as attached_resource_id

    from volumes
    where
        instance_id is not null
        and not is_shared
    union all
    select
        tenant_id,
        instance_id as resource_id,
        resource_id as attached_resource_id

    from addresses
    where instance_id is not null
    union all
    select
        tenant_id,
        resource_id,
        item as attached_resource_id

    from image_snapshots
    union all
    select
        tenant_id,
        managed_by as resource_id,
        resource_id as attached_resource_id

    from disks
    where managed_by is not null

),

distinct_attachments as (

    select distinct
        tenant_id,
        resource_id,
        attached_resource_id

    from attachments

)

select * from distinct_attachments
