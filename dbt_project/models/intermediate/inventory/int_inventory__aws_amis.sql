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

uses as (

    select * from {{ ref('int_inventory__image_uses') }}

),

permissions as (

    select * from {{ ref('int_inventory__aws_ami_launch_permissions') }}

),

ebs_snapshots as (

    select * from {{ ref('int_inventory__aws_ebs_snapshots') }}

),

known_uses as (

    select * from {{ ref('int_inventory__image_use_scopes') }}

),

{{ latest_resources('aws_amis', created='created_at') }},

image_snapshots as (

    {{ x_explode_list('resources', ['tenant_id', 'resource_id'], 'snapshot_ids') }}

),

sharing_images as (

    -- what is not known of a snapshot counts as shared
    select distinct
        image_snapshots.tenant_id,
        image_snapshots.resource_id

    from image_snapshots
    left outer join ebs_snapshots
        on
            image_snapshots.tenant_id = ebs_snapshots.tenant_id
            and image_snapshots.item = ebs_snapshots.resource_id
    left outer join image_snapshots as neighbours
        on
            image_snapshots.tenant_id = neighbours.tenant_id
            and image_snapshots.item = neighbours.item
            and image_snapshots.resource_id <> neighbours.resource_id
    where
        ebs_snapshots.resource_id is null
        or ebs_snapshots.chain_snapshot_count > 1
        or neighbours.resource_id is not null

),

images as (

    select
        resources.*,
        {{ x_date_diff(
            'cast(coalesce(resources.last_launched_at, resources.created_at) as date)',
            'resources.observed_date'
        ) }} as days_since_last_start,
        uses.image_id is not null as is_used,
        coalesce(permissions.launch_permission_count > 0, false) as is_shared,
        sharing_images.resource_id is not null as is_storage_shared,
        -- of public images permissions are not read
        coalesce(known_uses.is_use_known, false)
        and (
            coalesce(resources.is_public, false)
            or permissions.launch_permission_count is not null
        ) as is_use_known

    from resources
    left outer join uses
        on
            resources.tenant_id = uses.tenant_id
            and resources.resource_id = uses.image_id
    left outer join permissions
        on
            resources.tenant_id = permissions.tenant_id
            and resources.resource_id = permissions.resource_id
    left outer join sharing_images
        on
            resources.tenant_id = sharing_images.tenant_id
            and resources.resource_id = sharing_images.resource_id
    left outer join known_uses
        on
            resources.tenant_id = known_uses.tenant_id
            and resources.connection_id = known_uses.connection_id
            and resources.sub_account_id = known_uses.sub_account_id
            and resources.region_id = known_uses.region_id

)

select * from images
