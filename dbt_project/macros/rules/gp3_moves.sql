{#-
    A subquery: the EBS volumes of `candidates` that gp3 could replace, with what it would need and
    the list prices of both. Volumes that several instances may use cannot be gp3, and it moves at
    most 0.25 MiB with each operation, and has at most 500 of them per GiB.

    Args:
        iops: SQL of the operations per second that the volume has to give; named `peak_iops`.
        mibps: SQL of the MiB/s that it has to give; named `peak_mibps`.
-#}
{% macro gp3_moves(iops, mibps) -%}
(
        with

        prices as (

            select * from {{ ref('aws_ebs_prices') }}

        ),

        peaks as (

            select
                candidates.*,
                {{ iops }} as peak_iops,
                {{ mibps }} as peak_mibps

            from candidates
            where
                state = 'in-use'
                and not is_shared

        ),

        needs as (

            select
                peaks.*,
                cast(greatest(3000, ceil(peak_iops), ceil(4 * peak_mibps)) as bigint) as gp3_iops,
                cast(greatest(125, ceil(peak_mibps)) as bigint) as gp3_mibps

            from peaks

        )

        select
            needs.*,
            'gp3 with ' || needs.gp3_iops || ' IOPS and ' || needs.gp3_mibps || ' MiB/s'
                as target_value,
            {{ ebs_list_price('own', 'needs.size_gib', 'needs.iops', '0') }} as current_list_price,
            {{ ebs_list_price('gp3', 'needs.size_gib', 'needs.gp3_iops', 'needs.gp3_mibps') }}
                as target_list_price

        from needs
        inner join prices as own on needs.volume_type = own.volume_type
        inner join prices as gp3 on gp3.volume_type = 'gp3'
        where needs.gp3_iops <= greatest(3000, 500 * needs.size_gib)
    )
{%- endmacro %}
