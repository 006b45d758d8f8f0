{#- Every finding is of a resource that the latest complete scan of its region saw. -#}
{%- set tables = [
    'aws_amis', 'aws_classic_load_balancers', 'aws_ebs_snapshots', 'aws_ebs_volumes',
    'aws_ec2_instances', 'aws_elastic_ips', 'aws_load_balancers', 'aws_nat_gateways',
    'azure_load_balancers', 'azure_managed_disks', 'azure_nat_gateways', 'azure_public_ips',
    'azure_snapshots', 'azure_virtual_machines',
] -%}
with

findings as (

    select * from {{ ref('fct_findings') }}

),

known as (

    {% for table in tables %}
        select
            tenant_id,
            resource_id,
            '{{ table }}' as resource_type

        from {{ ref('int_inventory__' ~ table) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

strays as (

    select findings.*

    from findings
    left outer join known
        on
            findings.tenant_id = known.tenant_id
            and findings.resource_id = known.resource_id
            and findings.resource_type = known.resource_type
    where known.resource_id is null

)

select * from strays
