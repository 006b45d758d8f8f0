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
        {% for amount in ['billed_cost', 'effective_cost', 'list_cost', 'contracted_cost'] %}
            abs({{ amount }}) > 999999999999999999{{ ' or' if not loop.last }}
        {% endfor %}

)

select * from too_large
