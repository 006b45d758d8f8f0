{{ config(materialized='table') }}

with

loads as (

    select * from {{ ref('stg_loads') }}

),

partitions as (

    select
        tenant_id,
        connection_id,
        billing_period,
        cast(billing_period || '-01' as date) as period_start_date,
        max(provider) as provider,
        max(partition_version) as load_version,
        min(case when is_final then 1 else 0 end) = 1 as is_final,
        max(case when dataset in ('azure_actual', 'azure_amortized') then 1 else 0 end) = 1
            as is_azure_export,
        max(case when is_final then 1 else 0 end) = 0
        and min(delivered_at) < max(delivered_at)
        and {{ x_date_diff(
            'cast(min(delivered_at) as date)', 'cast(max(delivered_at) as date)'
        ) }} <= 2
            as is_of_near_moments,
        max(delivered_at) as delivered_at,
        coalesce(
            max(case when dataset = 'azure_amortized' then watermark_date end),
            max(watermark_date)
        ) as watermark_date

    from loads
    where is_current
    group by
        tenant_id,
        connection_id,
        billing_period

),

periods as (

    select
        partitions.*,
        {{ x_date_add(x_month_add('period_start_date', 1), -1) }} as period_end_date,
        billing_period = max(billing_period) over (partition by tenant_id, connection_id)
            as is_latest_period

    from partitions

),

complete_days as (

    -- the last day a running month has charges for is still being metered
    select
        tenant_id,
        connection_id,
        billing_period,
        provider,
        load_version,
        is_final,
        is_azure_export,
        is_of_near_moments and is_latest_period as is_between_deliveries,
        watermark_date,
        period_start_date,
        period_end_date,
        case
            when
                delivered_at > period_end_date
                and (
                    is_final
                    or (
                        watermark_date >= period_end_date
                        and delivered_at >= {{ x_date_add('period_end_date', 3) }}
                    )
                )
                then period_end_date
            else
                {{ x_date_add(
                    'least(coalesce(watermark_date, period_start_date), period_end_date)', -1
                ) }}
        end as last_complete_date,
        is_latest_period

    from periods

)

select * from complete_days
