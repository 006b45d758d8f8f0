{#-
    The provider's names of metrics, by the names that conditions give them.

    Args:
        resources: Inventory whose metrics they are.
-#}
{% macro metric_names(resources) -%}
    {%- set azure_disk = {
        'reads': 'Composite Disk Read Operations/sec',
        'writes': 'Composite Disk Write Operations/sec',
        'read_bytes': 'Composite Disk Read Bytes/sec',
        'write_bytes': 'Composite Disk Write Bytes/sec',
    } -%}
    {{ return({
        'aws_classic_load_balancers': {
            'requests': 'RequestCount', 'bytes': 'EstimatedProcessedBytes',
        },
        'aws_ebs_volumes': {
            'reads': 'VolumeReadOps',
            'writes': 'VolumeWriteOps',
            'read_bytes': 'VolumeReadBytes',
            'write_bytes': 'VolumeWriteBytes',
        },
        'aws_ec2_instances': {
            'cpu': 'CPUUtilization',
            'memory': 'mem_used_percent',
            'network_in': 'NetworkIn',
            'network_out': 'NetworkOut',
        },
        'aws_load_balancers': {'requests': 'RequestCount', 'bytes': 'ProcessedBytes'},
        'aws_nat_gateways': {'bytes_out': 'BytesOutToDestination', 'bytes_in': 'BytesInFromSource'},
        'azure_disk_moves': azure_disk,
        'azure_load_balancers': {'bytes': 'ByteCount', 'packets': 'PacketCount'},
        'azure_managed_disks': azure_disk,
        'azure_nat_gateways': {'bytes': 'ByteCount'},
        'azure_virtual_machines': {
            'cpu': 'Percentage CPU',
            'memory': 'Available Memory Bytes',
            'network_in': 'Network In Total',
            'network_out': 'Network Out Total',
        },
    }[resources]) }}
{%- endmacro %}
