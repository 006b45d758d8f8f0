with

source as (

    select * from {{ x_lake(source('lake', 'finding_observations')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        finding_id,
        rule_id,
        resource_id,
        claimed_resource_ids,

        -- strings
        provider,
        billing_currency,
        thresholds,

        -- numerics
        estimated_monthly_savings,

        -- booleans
        is_exempt,
        is_dismissed,
        is_unverified,

        -- dates and timestamps
        cast(observed_date as date) as observed_date

    from source

)

select * from renamed
