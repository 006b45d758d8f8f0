with

partitions as (

    select * from {{ ref('int_partitions') }}

),

bill_totals as (

    select * from {{ ref('stg_bill_totals') }}

),

rejected as (

    select * from {{ ref('stg_rejected') }}
    where is_row_rejected

),

provider_totals as (

    -- Azure's actual export is the invoice, its amortized export the spread cost
    select
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        case when dataset = 'azure_amortized' then 'effective' else 'billed' end as cost_type,
        {{ x_sum('provider_total') }} as provider_total,
        {{ x_count() }} as provider_total_count

    from bill_totals
    group by
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        case when dataset = 'azure_amortized' then 'effective' else 'billed' end

),

moments as (

    -- what is outside commitments stands in both of Azure's exports, of which the later one knows
    -- more of a running month
    select
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        'billed' as cost_type,
        {{ x_sum(
            "case when dataset = 'azure_amortized' then uncommitted_total "
            "else -uncommitted_total end"
        ) }} as moment_gap

    from bill_totals
    where dataset in ('azure_actual', 'azure_amortized')
    group by
        tenant_id,
        connection_id,
        billing_period,
        billing_currency
    having count(distinct dataset) = 2 and count(uncommitted_total) = count(*)

),

only_currencies as (

    -- a line too broken to name its currency is in that of its bill, where there is one alone;
    -- else in XXX, ISO 4217's code for no currency
    select
        tenant_id,
        connection_id,
        billing_period,
        max(billing_currency) as billing_currency

    from bill_totals
    group by
        tenant_id,
        connection_id,
        billing_period
    having count(distinct billing_currency) = 1

),

rejected_costs as (

    select
        rejected.tenant_id,
        rejected.connection_id,
        rejected.billing_period,
        coalesce(rejected.billing_currency, only_currencies.billing_currency, 'XXX')
            as billing_currency,
        case when rejected.dataset = 'azure_amortized' then 'effective' else 'billed' end
            as cost_type,
        rejected.source_cost

    from rejected
    left outer join only_currencies
        on
            rejected.tenant_id = only_currencies.tenant_id
            and rejected.connection_id = only_currencies.connection_id
            and rejected.billing_period = only_currencies.billing_period

),

rejected_totals as (

    select
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        cost_type,
        {{ x_sum('source_cost') }} as rejected_total,
        {{ x_count() }} as rejected_row_count

    from rejected_costs
    group by
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        cost_type

),

totals as (

    select
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        cost_type,
        provider_total,
        provider_total_count,
        cast(0 as decimal(38, 20)) as rejected_total,
        cast(0 as bigint) as rejected_row_count

    from provider_totals
    union all
    select
        tenant_id,
        connection_id,
        billing_period,
        billing_currency,
        cost_type,
        cast(0 as decimal(38, 20)) as provider_total,
        cast(0 as bigint) as provider_total_count,
        rejected_total,
        rejected_row_count

    from rejected_totals

),

landed_totals as (

    select
        totals.tenant_id,
        totals.connection_id,
        totals.billing_period,
        totals.billing_currency,
        totals.cost_type,
        case
            when sum(totals.provider_total_count) > 0 then {{ x_sum('totals.provider_total') }}
        end as provider_total,
        {{ x_sum('totals.rejected_total') }} as rejected_total,
        {{ x_big('sum(totals.rejected_row_count)') }} as rejected_row_count

    from totals
    inner join partitions
        on
            totals.tenant_id = partitions.tenant_id
            and totals.connection_id = partitions.connection_id
            and totals.billing_period = partitions.billing_period
    group by
        totals.tenant_id,
        totals.connection_id,
        totals.billing_period,
        totals.billing_currency,
        totals.cost_type

),

reconciled as (

    select
        landed_totals.*,
        moments.moment_gap

    from landed_totals
    left outer join moments
        on
            landed_totals.tenant_id = moments.tenant_id
            and landed_totals.connection_id = moments.connection_id
            and landed_totals.billing_period = moments.billing_period
            and landed_totals.billing_currency = moments.billing_currency
            and landed_totals.cost_type = moments.cost_type

)

select * from reconciled
