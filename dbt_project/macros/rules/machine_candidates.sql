{#-
    CTEs `machines`, `sizes` and `candidates` of a rule on running virtual machines of either cloud,
    in the same words: `machine_size`, `successor_size` in `sizes`, and `is_linux_priced`: list
    prices here are those of Linux on demand, which a Windows machine has on Azure where its licence
    is brought. Spot machines and distributions that are paid by the hour have others.

    Args:
        rule_id: The rule; its first word is the cloud.
        conditions: The rule's conditions.
        metrics: What it reads of cpu, memory, network_in and network_out.
-#}
{% macro machine_candidates(rule_id, conditions, metrics=[]) -%}
    {%- set cloud = {
        'aws': {
            'machines': 'int_inventory__aws_ec2_instances',
            'sizes': 'aws_instance_types',
            'size': 'instance_type',
            'successor': 'successor_type',
            'is_running': "state = 'running'",
            'is_linux_priced':
                "coalesce(platform, 'Linux/UNIX') = 'Linux/UNIX'"
                ~ " and coalesce(lifecycle, '') <> 'spot'",
            'cpu': 'CPUUtilization',
            'memory': 'mem_used_percent',
            'network_in': 'NetworkIn',
            'network_out': 'NetworkOut',
        },
        'azure': {
            'machines': 'int_inventory__azure_virtual_machines',
            'sizes': 'azure_vm_sizes',
            'size': 'vm_size',
            'successor': 'successor_size',
            'is_running': "lower(power_state) = 'running'",
            'is_linux_priced':
                "lower(coalesce(priority, '')) <> 'spot'"
                ~ " and (lower(coalesce(license_type, '')) like 'windows%'"
                ~ " or lower(coalesce(license_type, '')) like 'rhel%'"
                ~ " or lower(coalesce(license_type, '')) like 'sles%'"
                ~ " or (lower(coalesce(os_type, '')) <> 'windows'"
                ~ " and lower(coalesce(image_publisher, '')) not in ('redhat', 'suse')))",
            'cpu': 'Percentage CPU',
            'memory': 'Available Memory Bytes',
            'network_in': 'Network In Total',
            'network_out': 'Network Out Total',
        },
    }[rule_id.split('_')[0]] -%}
    {%- set utilization = {} -%}
    {%- for metric in metrics -%}
        {%- do utilization.update({metric: cloud[metric]}) -%}
    {%- endfor -%}
machines as (

    select
        *,
        {{ cloud.size }} as machine_size,
        {{ cloud.is_linux_priced }} as is_linux_priced

    from {{ ref(cloud.machines) }}
    where {{ cloud.is_running }}

),

sizes as (

    select
        {{ cloud.size }} as machine_size,
        {{ cloud.successor }} as successor_size,
        family,
        family_class,
        architecture,
        vcpus,
        memory_gib,
        cast(list_price_usd_hour as double) as list_price_usd_hour

    from {{ ref(cloud.sizes) }}

),

{{ candidates(rule_id, 'machines', conditions, utilization=utilization) }}
{%- endmacro %}
