with

history as (

    select * from {{ ref('int_finding_history') }}

),

claims as (

    select * from {{ ref('int_finding_history__claims') }}

),

chains as (

    select * from {{ ref('int_finding_history__chains') }}

),

connections as (

    select * from {{ ref('int_connections') }}

),

daily_costs as (

    -- of what findings were about alone: else all of it would be held for the two that ask
    select daily.* from {{ ref('fct_cost_daily') }} as daily
    where
        daily.resource_id in (
            select claims.item from claims
            union
            select chains.resource_id from chains
        )

),

kept_chains as (

    -- what a snapshot shared with others of its chain is billed to one that stays
    select distinct
        chains.tenant_id,
        chains.finding_id

    from chains
    inner join daily_costs
        on
            chains.tenant_id = daily_costs.tenant_id
            and chains.resource_id = daily_costs.resource_id
    where
        daily_costs.effective_cost > 0
        and daily_costs.charge_date > chains.resolved_date
        and daily_costs.charge_date <= {{ x_date_add('chains.resolved_date', 30) }}

),

claimed_costs as (

    select
        claims.tenant_id,
        claims.finding_id,
        claims.item,
        claims.last_seen_date,
        claims.resolved_date,
        claims.previous_resolved_date,
        claims.day_count_to_next,
        connections.last_complete_date,
        daily_costs.charge_date,
        daily_costs.charge_date < claims.last_seen_date as is_before,
        daily_costs.effective_cost,
        case when {{ is_uncovered('daily_costs') }} then daily_costs.effective_cost end
            as uncovered_cost

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
        and (
            (
                daily_costs.charge_date < claims.last_seen_date
                and daily_costs.charge_date >= {{ x_date_add('claims.last_seen_date', -30) }}
                and (
                    claims.previous_resolved_date is null
                    or daily_costs.charge_date > claims.previous_resolved_date
                )
            )
            or (
                daily_costs.charge_date > claims.resolved_date
                and daily_costs.charge_date <= {{ x_date_add('claims.resolved_date', 30) }}
                and (
                    claims.next_last_seen_date is null
                    or daily_costs.charge_date < claims.next_last_seen_date
                )
            )
        )

),

measured_costs as (

    -- a complete day without a line cost nothing, from the first line before the finding closed on
    select
        tenant_id,
        finding_id,
        item,
        max(previous_resolved_date) is not null as has_previous,
        max(day_count_to_next) as day_count_to_next,
        coalesce(
            {{ x_date_diff(
                'min(case when is_before then charge_date end)', 'max(last_seen_date)'
            ) }},
            0
        ) as day_count_before,
        least(
            {{ x_date_diff('max(resolved_date)', 'max(last_complete_date)') }},
            coalesce(max(day_count_to_next), 30),
            30
        ) as day_count_after,
        {{ x_sum('case when is_before then effective_cost end') }} as cost_before,
        {{ x_sum('case when not is_before then effective_cost end') }} as cost_after,
        {{ x_sum('case when is_before then uncovered_cost end') }} as uncovered_before,
        {{ x_sum('case when not is_before then uncovered_cost end') }} as uncovered_after

    from claimed_costs
    group by
        tenant_id,
        finding_id,
        item

),

falls as (

    select
        measured_costs.*,
        coalesce({{ x_div('cost_before', 'day_count_before') }}, 0)
        - coalesce({{ x_div('cost_after', 'day_count_after') }}, 0) as daily_fall,
        coalesce({{ x_div('uncovered_before', 'day_count_before') }}, 0)
        - coalesce({{ x_div('uncovered_after', 'day_count_after') }}, 0) as uncovered_daily_fall

    from measured_costs

),

measured as (

    -- what a commitment took over, or gave back, was neither saved nor lost
    select
        tenant_id,
        finding_id,
        max(day_count_before) as day_count_before,
        min(case when has_previous then day_count_before end) as day_count_since_previous,
        min(day_count_to_next) as day_count_to_next,
        min(day_count_after) as day_count_after,
        sum(
            case
                when daily_fall > 0 then greatest(least(daily_fall, uncovered_daily_fall), 0)
                else least(greatest(daily_fall, uncovered_daily_fall), 0)
            end
        ) as daily_savings

    from falls
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
            when
                measured.day_count_before > 0
                and coalesce(measured.day_count_since_previous, 7) >= 7
                and measured.day_count_after >= 7
                and kept_chains.finding_id is null
                then cast(30 * measured.daily_savings as decimal(38, 2))
        end as realized_monthly_savings,
        case
            when history.status = 'open' then 'The finding is open.'
            when history.is_list_unread
                then
                    'The list of its account or subscription that it stands in was read last on '
                    || cast(history.unread_since_date as varchar)
                    || '; Data health says what is in the way. Whether the finding still holds is '
                    || 'not known.'
            when history.unread_since_date is not null
                then
                    'Its account or subscription was read last on '
                    || cast(history.unread_since_date as varchar)
                    || ': it was closed, or cannot be seen any more; whether the finding still '
                    || 'holds is not known.'
            when history.status = 'unverified'
                then
                    'What it rests on could not be read since; whether it still holds is not known.'
            when history.dismissed_by = 'tag'
                then 'A tag exempted the resource; nothing was done about it.'
            when history.dismissed_by = 'thresholds'
                then 'The thresholds of the rule were changed; nothing was done about it.'
            when history.claimed_resource_ids = '[]'
                then 'Its cost was counted in another finding, or unknown.'
            when kept_chains.finding_id is not null
                then
                    'Other snapshots of the same disk were billed after it closed, for what it '
                    || 'shared with them too: what it saved is not known.'
            when measured.day_count_since_previous < 7
                then
                    'Another finding on its cost closed '
                    || cast(measured.day_count_since_previous as varchar)
                    || ' complete days before; 7 are needed.'
            when coalesce(measured.day_count_before, 0) = 0
                then 'No line of the bill is for this resource in the 30 days before.'
            when measured.day_count_to_next < 7
                then
                    'Another finding on its cost closed '
                    || cast(greatest(measured.day_count_to_next, 0) as varchar)
                    || ' complete days later; 7 are needed.'
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
    left outer join kept_chains
        on
            history.tenant_id = kept_chains.tenant_id
            and history.finding_id = kept_chains.finding_id

)

select * from finding_history
