{#-
    No sum leaves DECIMAL(38, 20): an engine that adds in wider integers may store what cannot be
    read back.
-#}
with

costs as (

    select * from {{ ref('fct_cost_summary_daily') }}
    where {{ in_unverified_partitions() }}

),

too_large as (

    select *

    from costs
    where
        abs(billed_cost) > 999999999999999999
        or abs(effective_cost) > 999999999999999999
        or abs(list_cost) > 999999999999999999
        or abs(contracted_cost) > 999999999999999999

)

select * from too_large
