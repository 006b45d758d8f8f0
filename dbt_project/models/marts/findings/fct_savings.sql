with

savings as (

    select * from {{ ref('int_savings') }}

),

savings_by_finding as (

    select
        tenant_id,
        provider,
        resource_id,
        finding_id,
        rule_id,
        action,
        cast(action_rank as integer) as action_rank,
        billing_currency,
        estimated_monthly_savings,
        counted_monthly_savings,
        is_counted,
        not_counted_reason

    from savings

)

select * from savings_by_finding
