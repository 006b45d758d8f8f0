{%- set metrics = ['reads', 'writes', 'read_bytes', 'write_bytes'] -%}
{%- set conditions = [
    condition('peak_iops', 'peak_iops', '<=', 'max_iops', 'IOPS', metrics, 'maximum of an hour'),
    condition(
        'peak_mibps', 'peak_mibps', '<=', 'max_throughput_mibps', 'MiB/s', metrics,
        'maximum of an hour'
    ),
    price_condition(),
] -%}

with

prices as (

    select * from {{ ref('aws_ebs_prices') }}

),

{{ candidates(
    'aws_ebs_io_to_gp3', ref('int_inventory__aws_ebs_volumes'), conditions, ['headroom_ratio'],
    utilization={
        'reads': 'VolumeReadOps',
        'writes': 'VolumeWriteOps',
        'read_bytes': 'VolumeReadBytes',
        'write_bytes': 'VolumeWriteBytes',
    }
) }},

peaks as (

    select
        candidates.*,
        headroom_ratio * (reads_maximum + writes_maximum) / 3600 as peak_iops,
        headroom_ratio * (read_bytes_maximum + write_bytes_maximum) / 3600 / 1048576 as peak_mibps

    from candidates
    where
        volume_type in ('io1', 'io2')
        and state = 'in-use'
        and not {{ is_shared('candidates') }}

),

needs as (

    -- gp3 moves at most 0.25 MiB with each operation, and has at most 500 of them per GiB
    select
        peaks.*,
        cast(greatest(3000, ceil(peak_iops), ceil(4 * peak_mibps)) as bigint) as needed_iops,
        cast(greatest(125, ceil(peak_mibps)) as bigint) as needed_mibps

    from peaks

),

findings as (

    select
        needs.*,
        'medium' as confidence,
        needs.size_gib || ' GiB ' || needs.volume_type || ' with ' || needs.iops || ' IOPS'
            as current_value,
        'gp3 with ' || needs.needed_iops || ' IOPS and ' || needs.needed_mibps || ' MiB/s'
            as target_value,
        {{ ebs_list_price('io', 'needs.size_gib', 'needs.iops', '0') }} as current_list_price,
        {{ ebs_list_price('gp3', 'needs.size_gib', 'needs.needed_iops', 'needs.needed_mibps') }}
            as target_list_price

    from needs
    inner join prices as io on needs.volume_type = io.volume_type
    inner join prices as gp3 on gp3.volume_type = 'gp3'
    where needs.needed_iops <= greatest(3000, 500 * needs.size_gib)

)

{{ select_findings(
    'aws_ebs_io_to_gp3', conditions, is_priced=true,
    chart_limit='3600 * max_iops / headroom_ratio'
) }}
