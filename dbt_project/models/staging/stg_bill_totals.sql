with

source as (

    select * from {{ x_lake(source('lake', 'bill_totals')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        connection_id,
        billing_period,
        load_id,

        -- strings
        dataset,
        billing_currency,

        -- numerics
        provider_total,
        uncommitted_total,
        line_count

    from source

)

select * from renamed
