{%- set lists = [
    'aws_ami_launch_permissions',
    'aws_autoscaling_groups',
    'aws_ec2_instances',
    'aws_launch_template_versions',
] -%}
with

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

groups as (

    select * from {{ ref('int_inventory__aws_autoscaling_groups') }}

),

read_lists as (

    select
        tenant_id,
        connection_id,
        sub_account_id,
        region_id,
        count(distinct table_name) as list_count

    from scopes
    where
        table_name in (
            {% for list in lists %}
                '{{ list }}'{{ ',' if not loop.last }}
            {% endfor %}
        )
    group by
        tenant_id,
        connection_id,
        sub_account_id,
        region_id

),

hidden_images as (

    select distinct
        tenant_id,
        connection_id,
        sub_account_id,
        region_id

    from groups
    where is_image_hidden

),

image_use_scopes as (

    select
        read_lists.tenant_id,
        read_lists.connection_id,
        read_lists.sub_account_id,
        read_lists.region_id,
        read_lists.list_count = {{ lists | length }}
        and hidden_images.tenant_id is null as is_use_known

    from read_lists
    left outer join hidden_images
        on
            read_lists.tenant_id = hidden_images.tenant_id
            and read_lists.connection_id = hidden_images.connection_id
            and read_lists.sub_account_id = hidden_images.sub_account_id
            and read_lists.region_id = hidden_images.region_id

)

select * from image_use_scopes
