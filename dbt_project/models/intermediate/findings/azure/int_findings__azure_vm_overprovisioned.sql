{{ oversized_machines(
    'azure_vm_overprovisioned',
    memory_on_target='100 * (sizes.memory_gib - candidates.memory_minimum / 1073741824) '
        '/ smaller_sizes.memory_gib',
    memory_statistic='minimum available'
) }}
