with

partitions as (

    select * from {{ ref('int_partitions') }}

),

latest as (

    select
        tenant_id,
        connection_id,
        provider,
        billing_period,
        period_start_date,
        last_complete_date,
        last_complete_date = period_end_date as is_complete,
        {{ x_date_diff('period_start_date', 'period_end_date') }} + 1 as days_in_month,
        greatest({{ x_date_diff('period_start_date', 'last_complete_date') }} + 1, 0)
            as days_elapsed,
        {{ x_month_add('period_start_date', -1) }} as previous_start_date,
        {{ x_date_add('period_start_date', -1) }} as previous_end_date,
        {{ x_date_add('last_complete_date', -13) }} as two_weeks_start_date

    from partitions
    where is_latest_period

),

windows as (

    select
        latest.tenant_id,
        latest.connection_id,
        latest.provider,
        latest.billing_period,
        latest.last_complete_date,
        latest.is_complete,
        cast(latest.days_in_month as integer) as days_in_month,
        cast(latest.days_elapsed as integer) as days_elapsed,
        {{ x_month('latest.previous_start_date') }} as previous_billing_period,
        least(
            {{ x_date_add('latest.previous_start_date', 'latest.days_elapsed - 1') }},
            latest.previous_end_date
        ) as previous_same_date,
        latest.two_weeks_start_date

    from latest

),

landed_months as (

    -- a month that has not landed is unknown, not zero
    select
        windows.*,
        exists(
            select 1
            from partitions
            where
                partitions.tenant_id = windows.tenant_id
                and partitions.connection_id = windows.connection_id
                and partitions.billing_period = windows.previous_billing_period
        ) as has_previous_month,
        (
            select count(*)
            from partitions
            where
                partitions.tenant_id = windows.tenant_id
                and partitions.connection_id = windows.connection_id
                and partitions.billing_period in (
                    {{ x_month('windows.two_weeks_start_date') }},
                    {{ x_month('windows.last_complete_date') }}
                )
        ) = case
            when
                {{ x_month('windows.two_weeks_start_date') }}
                = {{ x_month('windows.last_complete_date') }}
                then 1
            else 2
        end as has_two_weeks

    from windows

)

select * from landed_months
