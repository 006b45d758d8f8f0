with

source as (

    select * from {{ x_lake(source('lake', 'rule_thresholds')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        rule_id,

        -- strings
        threshold_name,

        -- numerics
        cast(value as double) as value

    from source

)

select * from renamed
