{{ oversized_machines(
    'aws_ec2_instance_overprovisioned',
    memory_on_target='candidates.memory_p99 * sizes.memory_gib / smaller_sizes.memory_gib',
    memory_statistic='p99'
) }}
