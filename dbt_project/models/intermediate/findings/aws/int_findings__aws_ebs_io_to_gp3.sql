{%- set metrics = ['reads', 'writes', 'read_bytes', 'write_bytes'] -%}
{%- set peak = 'maximum of an hour' -%}
{%- set conditions = [
    condition('peak_iops', 'peak_iops', '<=', 'max_iops', 'IOPS', metrics, peak),
    condition('peak_mibps', 'peak_mibps', '<=', 'max_throughput_mibps', 'MiB/s', metrics, peak),
    price_condition(),
] -%}

{% call findings(
    'aws_ebs_io_to_gp3', 'aws_ebs_volumes', conditions, ['headroom_ratio'], is_priced=true,
    chart_limit='3600 * max_iops / headroom_ratio'
) -%}
    select
        moves.*,
        'medium' as confidence,
        size_gib || ' GiB ' || volume_type || ' with ' || iops || ' IOPS' as current_value

    from {{ gp3_moves(
        'headroom_ratio * (reads_maximum + writes_maximum) / 3600',
        'headroom_ratio * (read_bytes_maximum + write_bytes_maximum) / 3600 / 1048576'
    ) }} as moves
    where volume_type in ('io1', 'io2')
{%- endcall %}
