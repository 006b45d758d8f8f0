with

instances as (

    select * from {{ ref('int_inventory__aws_ec2_instances') }}

),

launch_templates as (

    select * from {{ ref('int_inventory__aws_launch_template_versions') }}

),

image_uses as (

    select
        tenant_id,
        image_id

    from instances
    where state <> 'terminated'
    union all
    select
        tenant_id,
        image_id

    from launch_templates

),

distinct_image_uses as (

    select distinct
        tenant_id,
        image_id

    from image_uses
    where image_id is not null

)

select * from distinct_image_uses
