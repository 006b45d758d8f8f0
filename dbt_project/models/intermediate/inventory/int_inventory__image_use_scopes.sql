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

launch_templates as (

    select * from {{ ref('int_inventory__aws_launch_template_versions') }}

),

read_lists as (

    -- what was listed long before the images says nothing of who uses them now
    select
        images.tenant_id,
        images.connection_id,
        images.sub_account_id,
        images.region_id,
        {{ x_count('distinct scopes.table_name') }} as list_count

    from scopes as images
    left outer join scopes
        on
            images.tenant_id = scopes.tenant_id
            and images.connection_id = scopes.connection_id
            and images.sub_account_id = scopes.sub_account_id
            and images.region_id = scopes.region_id
            and scopes.snapshot_date >= {{ x_date_add('images.snapshot_date', -1) }}
            and scopes.table_name in (
                {% for list in lists %}
                    '{{ list }}'{{ ',' if not loop.last }}
                {% endfor %}
            )
    where images.table_name = 'aws_amis'
    group by
        images.tenant_id,
        images.connection_id,
        images.sub_account_id,
        images.region_id

),

hiding as (

    -- parameters that launch templates name are not read
    select
        tenant_id,
        sub_account_id,
        region_id

    from groups
    where is_image_hidden
    union all
    select
        tenant_id,
        sub_account_id,
        region_id

    from launch_templates
    where image_id like 'resolve:ssm:%'

),

hidden_images as (

    select distinct
        tenant_id,
        sub_account_id,
        region_id

    from hiding

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
            and read_lists.sub_account_id = hidden_images.sub_account_id
            and read_lists.region_id = hidden_images.region_id

)

select * from image_use_scopes
