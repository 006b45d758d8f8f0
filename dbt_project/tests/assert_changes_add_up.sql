{#- The parts of each mover add up to its change, and all movers to the costs of the two weeks. -#}
with

movers as (

    select * from {{ ref('fct_cost_movers') }}

),

broken_movers as (

    select *

    from movers
    where
        change_cost <> current_cost - previous_cost
        or change_cost <> change_from_new_resources + change_from_gone_resources
        + change_from_usage + change_from_price + change_from_rest

)

select * from broken_movers
