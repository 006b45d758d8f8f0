{%- set mibps = 'case when size_gib <= 170 then 125 else 250 end' -%}

{% call findings('aws_ebs_gp2_to_gp3', 'aws_ebs_volumes', [price_condition()], is_priced=true) -%}
    select
        moves.*,
        'high' as confidence,
        moves.size_gib || ' GiB gp2' as current_value

    from {{ gp3_moves('least(16000, 3 * size_gib)', mibps) }} as moves
    where moves.volume_type = 'gp2'
{%- endcall %}
