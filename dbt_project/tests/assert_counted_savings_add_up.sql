{#- A finding counts at most what it is estimated to save, and never what is unknown. -#}
with

savings as (

    select * from {{ ref('fct_savings') }}

),

wrong as (

    select *

    from savings
    where
        counted_monthly_savings > coalesce(estimated_monthly_savings, 0)
        or counted_monthly_savings < 0
        or is_counted <> (counted_monthly_savings > 0)
        or (not is_counted and not_counted_reason is null)

)

select * from wrong
