with

source as (

    select * from {{ x_lake(source('lake', 'rule_exemptions')) }}

),

renamed as (

    select
        -- ids
        tenant_id,
        rule_id,

        -- strings
        tag_key,
        tag_value,
        reason,
        created_by,

        -- dates and timestamps
        created_at

    from source

)

select * from renamed
