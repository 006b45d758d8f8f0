with

partitions as (

    select * from {{ ref('int_partitions') }}

),

costs as (

    select
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        {{ x_sum('billed_cost') }} as billed_cost,
        {{ x_sum('effective_cost') }} as effective_cost

    from {{ ref('fct_cost_summary_daily') }}
    group by
        tenant_id,
        connection_id,
        billing_period,
        billing_currency

),

recent_costs as (

    -- what the last days of usage cost is the most that a later export can know more
    select
        costs.tenant_id,
        costs.connection_id,
        costs.billing_period,
        costs.billing_currency,
        {{ x_sum('abs(costs.billed_cost)') }} as recent_billed_cost

    from {{ ref('fct_cost_summary_daily') }} as costs
    inner join partitions
        on
            costs.tenant_id = partitions.tenant_id
            and costs.connection_id = partitions.connection_id
            and costs.billing_period = partitions.billing_period
    where
        partitions.is_between_deliveries
        and costs.charge_category = 'Usage'
        and costs.charge_date > {{ x_date_add('partitions.watermark_date', -3) }}
    group by
        costs.tenant_id,
        costs.connection_id,
        costs.billing_period,
        costs.billing_currency

),

our_totals as (

    -- only Azure states a total of effective cost
    select
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        'billed' as cost_type,
        billed_cost as our_total

    from costs
    union all
    select
        costs.tenant_id,
        costs.connection_id,
        costs.billing_period,
        costs.billing_currency,
        'effective' as cost_type,
        costs.effective_cost as our_total

    from costs
    inner join partitions
        on
            costs.tenant_id = partitions.tenant_id
            and costs.connection_id = partitions.connection_id
            and costs.billing_period = partitions.billing_period
    where partitions.is_azure_export

),

totals as (

    select
        coalesce(our_totals.tenant_id, landed.tenant_id) as tenant_id,
        coalesce(our_totals.connection_id, landed.connection_id) as connection_id,
        coalesce(our_totals.billing_period, landed.billing_period) as billing_period,
        coalesce(our_totals.billing_currency, landed.billing_currency) as billing_currency,
        coalesce(our_totals.cost_type, landed.cost_type) as cost_type,
        coalesce(our_totals.our_total, 0) as our_total,
        landed.provider_total,
        coalesce(landed.rejected_total, 0) as rejected_total,
        coalesce(landed.rejected_row_count, 0) as rejected_row_count,
        landed.moment_gap

    from our_totals
    full outer join {{ ref('int_reconciliation__totals') }} as landed
        on
            our_totals.tenant_id = landed.tenant_id
            and our_totals.connection_id = landed.connection_id
            and our_totals.billing_period = landed.billing_period
            and our_totals.billing_currency = landed.billing_currency
            and our_totals.cost_type = landed.cost_type

),

gaps as (

    select
        totals.*,
        partitions.provider,
        partitions.is_final,
        partitions.load_version,
        totals.our_total - totals.provider_total as gap,
        case
            when totals.provider_total is null then 'no_total'
            when totals.our_total = totals.provider_total and totals.rejected_row_count = 0
                then 'reconciled'
            when
                totals.rejected_row_count > 0
                and totals.our_total + totals.rejected_total = totals.provider_total
                then 'explained'
            when
                partitions.is_between_deliveries
                and totals.our_total + totals.rejected_total - totals.provider_total
                = totals.moment_gap
                and abs(totals.moment_gap) <= recent_costs.recent_billed_cost
                then 'between_deliveries'
            else 'gap'
        end as state

    from totals
    inner join partitions
        on
            totals.tenant_id = partitions.tenant_id
            and totals.connection_id = partitions.connection_id
            and totals.billing_period = partitions.billing_period
    left outer join recent_costs
        on
            totals.tenant_id = recent_costs.tenant_id
            and totals.connection_id = recent_costs.connection_id
            and totals.billing_period = recent_costs.billing_period
            and totals.billing_currency = recent_costs.billing_currency

),

explanations as (

    select
        gaps.*,
        case when state = 'between_deliveries' then 'explained' else state end as status,
        state = 'between_deliveries' as is_between_deliveries

    from gaps

),

reconciliation as (

    select
        tenant_id,
        connection_id,
        provider,
        billing_period,
        billing_currency,
        cost_type,
        cast(our_total as decimal(38, 20)) as our_total,
        provider_total,
        cast(gap as decimal(38, 20)) as gap,
        cast(rejected_total as decimal(38, 20)) as rejected_total,
        cast(rejected_row_count as bigint) as rejected_row_count,
        status,
        {{ reconciliation_reason() }} as reason,
        is_final,
        load_version

    from explanations

)

select * from reconciliation
