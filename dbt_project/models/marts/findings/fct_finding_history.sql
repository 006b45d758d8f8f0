with

history as (

    select * from {{ ref('int_finding_history') }}

),

connections as (

    select * from {{ ref('int_connections') }}

),

daily_costs as (

    select * from {{ ref('fct_cost_daily') }}

),

resolved as (

    select * from history
    where
        status = 'resolved'
        and not is_exempt

),

claims as (

    {{ x_explode_list(
        'resolved',
        ['tenant_id', 'finding_id', 'last_seen_date', 'resolved_date', 'billing_currency'],
        'claimed_resource_ids'
    ) }}

),

claimed_costs as (

    select
        claims.tenant_id,
        claims.finding_id,
        connections.last_complete_date,
        daily_costs.charge_date,
        daily_costs.charge_date < claims.last_seen_date as is_before,
        claims.resolved_date,
        daily_costs.effective_cost

    from claims
    inner join daily_costs
        on
            claims.tenant_id = daily_costs.tenant_id
            and claims.item = daily_costs.resource_id
            and claims.billing_currency = daily_costs.billing_currency
    inner join connections
        on
            daily_costs.tenant_id = connections.tenant_id
            and daily_costs.connection_id = connections.connection_id
    where
        daily_costs.charge_date <= connections.last_complete_date
        and daily_costs.charge_date >= {{ x_date_add('claims.last_seen_date', -30) }}
        and daily_costs.charge_date <= {{ x_date_add('claims.resolved_date', 30) }}
        and (
            daily_costs.charge_date < claims.last_seen_date
            or daily_costs.charge_date > claims.resolved_date
        )

),

measured as (

    -- a complete day without a line after the finding closed cost nothing
    select
        tenant_id,
        finding_id,
        {{ x_count('distinct case when is_before then charge_date end') }} as day_count_before,
        least(
            {{ x_date_diff('max(resolved_date)', 'max(last_complete_date)') }}, 30
        ) as day_count_after,
        {{ x_sum('case when is_before then effective_cost end') }} as cost_before,
        {{ x_sum('case when not is_before then effective_cost end') }} as cost_after

    from claimed_costs
    group by
        tenant_id,
        finding_id

),

finding_history as (

    select
        history.finding_id,
        history.tenant_id,
        history.provider,
        history.rule_id,
        history.resource_id,
        history.status,
        history.first_seen_date,
        history.last_seen_date,
        history.reopened_date,
        history.resolved_date,
        history.billing_currency,
        history.estimated_monthly_savings,
        case
            when measured.day_count_before > 0 and measured.day_count_after >= 7
                then
                    cast(
                        30 * {{ x_div('measured.cost_before', 'measured.day_count_before') }}
                        - 30 * {{ x_div('measured.cost_after', 'measured.day_count_after') }}
                        as decimal(38, 2)
                    )
        end as realized_monthly_savings,
        case
            when history.status = 'open' then 'The finding is open.'
            when history.is_exempt then 'A tag exempted the resource; nothing was done about it.'
            when history.claimed_resource_ids = '[]'
                then 'Its cost was counted in another finding, or unknown.'
            when coalesce(measured.day_count_before, 0) = 0
                then 'No line of the bill is for this resource in the 30 days before.'
            when measured.day_count_after < 7
                then
                    'The bill has ' || cast(greatest(measured.day_count_after, 0) as varchar)
                    || ' complete days since it closed; 7 are needed.'
        end as realized_unknown_reason

    from history
    left outer join measured
        on
            history.tenant_id = measured.tenant_id
            and history.finding_id = measured.finding_id

)

select * from finding_history
