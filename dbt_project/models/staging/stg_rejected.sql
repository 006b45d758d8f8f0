with

source as (

    select * from {{ x_lake(source('lake', 'rejected')) }}

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
        source_file,
        column_name,
        reason,
        billing_currency,
        source_line,

        -- numerics
        line_number,
        source_cost,

        -- booleans
        is_row_rejected

    from source

)

select * from renamed
