with

source as (

    select * from {{ x_lake_partitions(source('lake', 'finding_observations'), 'observed_date') }}

),

renamed as (

    select
        tenant_id,
        cast(observed_date as date) as observed_date

    from source

)

select * from renamed
