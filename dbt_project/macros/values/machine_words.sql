{#-
    What virtual machines of a cloud are called, and SQL of what is asked of them, over `candidates`.

    `is_named_accelerated`: by its name, a size has an accelerator: newer and retired sizes stand in
    no list here.

    `has_local_disks`: by its family's name, over `sizes`: a smaller size has fewer of them, or less.

    `is_peak_held`: a target holds the processor's highest figure, which is asked where its
    percentiles are those of hourly averages, in which short peaks do not show.

    `is_linux_priced`: list prices here are those of Linux on demand, which a Windows machine has on
    Azure where its licence is brought. Spot machines and distributions that are paid by the hour
    have others.

    Args:
        rule_id: A rule on machines; its first word is the cloud.
-#}
{% macro machine_words(rule_id) -%}
    {{ return({
        'aws': {
            'machines': 'aws_ec2_instances',
            'sizes': 'aws_instance_types',
            'size': 'instance_type',
            'successor': 'successor_type',
            'is_running': "state = 'running'",
            'is_named_accelerated':
                x_regex('candidates.instance_type', '^(p[0-9]|gr?[0-9]|inf|trn|dl|vt|f[0-9])')
                ~ ' is not null',
            'has_local_disks':
                x_regex('sizes.family', '^[a-z]+[0-9]+[a-z]*(d)') ~ ' is not null',
            'is_peak_held': 'true',
            'is_linux_priced':
                "coalesce(platform, 'Linux/UNIX') = 'Linux/UNIX'"
                ~ " and coalesce(lifecycle, '') <> 'spot'",
        },
        'azure': {
            'machines': 'azure_virtual_machines',
            'sizes': 'azure_vm_sizes',
            'size': 'vm_size',
            'successor': 'successor_size',
            'is_running': "lower(power_state) = 'running'",
            'is_named_accelerated':
                x_regex('lower(candidates.vm_size)', '^standard_(n)') ~ ' is not null',
            'has_local_disks': x_regex('sizes.family', '^[A-Z]+[a-z]*(d)') ~ ' is not null',
            'is_peak_held': 'coalesce(cpu_maximum_on_target <= 100, false)',
            'is_linux_priced':
                "lower(coalesce(priority, '')) <> 'spot'"
                ~ " and (lower(coalesce(license_type, '')) like 'windows%'"
                ~ " or lower(coalesce(license_type, '')) like 'rhel%'"
                ~ " or lower(coalesce(license_type, '')) like 'sles%'"
                ~ " or (lower(coalesce(os_type, '')) <> 'windows'"
                ~ " and lower(coalesce(image_publisher, '')) not in ('redhat', 'suse')))",
        },
    }[rule_id.split('_')[0]]) }}
{%- endmacro %}
