{%- set conditions = [
    price_condition(),
] -%}

with

prices as (

    select * from {{ ref('aws_ebs_prices') }}

),

{{ candidates('aws_ebs_gp2_to_gp3', ref('int_inventory__aws_ebs_volumes'), conditions) }},

needs as (

    select
        candidates.*,
        least(16000, greatest(3000, 3 * size_gib)) as needed_iops,
        case when size_gib <= 170 then 125 else 250 end as needed_mibps

    from candidates
    where
        volume_type = 'gp2'
        and state = 'in-use'
        and not {{ is_shared('candidates') }}

),

findings as (

    select
        needs.*,
        'high' as confidence,
        needs.size_gib || ' GiB gp2' as current_value,
        'gp3 with ' || needs.needed_iops || ' IOPS and ' || needs.needed_mibps || ' MiB/s'
            as target_value,
        {{ ebs_list_price('gp2', 'needs.size_gib', '0', '0') }} as current_list_price,
        {{ ebs_list_price('gp3', 'needs.size_gib', 'needs.needed_iops', 'needs.needed_mibps') }}
            as target_list_price

    from needs
    inner join prices as gp2 on gp2.volume_type = 'gp2'
    inner join prices as gp3 on gp3.volume_type = 'gp3'

)

{{ select_findings('aws_ebs_gp2_to_gp3', conditions, is_priced=true) }}
