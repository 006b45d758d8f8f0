{{ config(materialized='table') }}

with

earlier_days as (

    select * from {{ ref('stg_finding_days') }}

),

scan_days as (

    select * from {{ ref('int_scan_days') }}
    where is_latest

),

observed_days as (

    -- what an earlier build saw on the day of the latest scan, this one sees anew
    select
        earlier_days.tenant_id,
        earlier_days.observed_date,
        false as is_latest

    from earlier_days
    inner join scan_days
        on
            earlier_days.tenant_id = scan_days.tenant_id
            and earlier_days.observed_date < scan_days.scan_date
    union all
    select
        tenant_id,
        scan_date as observed_date,
        true as is_latest

    from scan_days

),

finding_days as (

    select
        observed_days.*,
        row_number() over (partition by tenant_id order by observed_date asc nulls last)
            as day_number,
        lag(observed_date) over (partition by tenant_id order by observed_date asc nulls last)
            as previous_observed_date

    from observed_days

)

select * from finding_days
