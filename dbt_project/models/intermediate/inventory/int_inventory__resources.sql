{%- set judged_by_lists = ['aws_amis', 'aws_ebs_snapshots'] -%}
{%- set tables = [
    'aws_amis',
    'aws_classic_load_balancers',
    'aws_ebs_snapshots',
    'aws_ebs_volumes',
    'aws_ec2_instances',
    'aws_elastic_ips',
    'aws_load_balancers',
    'aws_nat_gateways',
    'azure_load_balancers',
    'azure_managed_disks',
    'azure_nat_gateways',
    'azure_public_ips',
    'azure_snapshots',
    'azure_virtual_machines',
] -%}
with

resources as (

    {% for table in tables %}
        select
            tenant_id,
            resource_id,
            resource_type,
            tags,
            observed_date,
            utilization_end_date,
            unread_since_date,
            is_list_unread,
            {{ 'is_use_known' if table in judged_by_lists else 'true as is_use_known' }}

        from {{ ref('int_inventory__' ~ table) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from resources
