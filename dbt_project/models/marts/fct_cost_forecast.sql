{#-
    What a running month will cost: what it cost so far; each remaining day as its weekday cost in
    the last 14 complete days; and what last month had only on a few, later days.
-#}
{%- set key = ['tenant_id', 'connection_id', 'billing_currency'] -%}
{%- set remaining_days_of_weekday -%}
    {{ x_div(
        '(days_left + weekday) - ((days_left + weekday) % 7)', 7, 0
    ) }}
{%- endset -%}

with

connections as (

    select
        tenant_id,
        connection_id,
        provider,
        billing_period,
        previous_billing_period,
        last_complete_date,
        previous_same_date,
        two_weeks_start_date,
        is_complete,
        days_in_month - days_elapsed as days_left

    from {{ ref('int_connections') }}

),

costs as (

    select
        connections.*,
        costs.billing_currency,
        costs.service_name,
        costs.charge_category,
        costs.charge_date,
        costs.effective_cost,
        costs.billed_cost,
        costs.line_count,
        costs.line_count - costs.unknown_effective_count as known_effective_count,
        costs.billing_period = connections.billing_period
        and (connections.is_complete or costs.charge_date <= connections.last_complete_date)
            as is_to_date,
        costs.charge_date
        between connections.two_weeks_start_date and connections.last_complete_date
            as is_recent,
        costs.billing_period = connections.previous_billing_period as is_previous_month,
        min(costs.charge_date) over (partition by costs.tenant_id, costs.connection_id)
            as first_date

    from connections
    inner join {{ ref('fct_cost_summary_daily') }} as costs
        on
            connections.tenant_id = costs.tenant_id
            and connections.connection_id = costs.connection_id
    where
        costs.billing_period in (
            connections.billing_period,
            connections.previous_billing_period,
            {{ x_month('connections.two_weeks_start_date') }}
        )

),

rhythms as (

    -- a service that costs on few days is no daily cost: a fee, a tax, a purchase
    select
        {{ key | join(',\n        ') }},
        service_name,
        charge_category,
        3 * count(distinct case when is_recent then charge_date end)
        >= least(14, {{ x_date_diff('max(first_date)', 'max(last_complete_date)') }} + 1)
            as is_daily,
        count(distinct case when is_previous_month then charge_date end) <= 3
        and charge_category in ('Usage', 'Tax') as is_monthly

    from costs
    group by
        {{ key | join(',\n        ') }},
        service_name,
        charge_category

),

rhythmic_costs as (

    select
        costs.*,
        costs.is_recent and rhythms.is_daily as is_daily,
        costs.is_previous_month
        and rhythms.is_monthly
        and not rhythms.is_daily
        and costs.charge_date > costs.previous_same_date as is_due,
        {{ x_date_diff('costs.charge_date', 'costs.last_complete_date') }} as days_ago

    from costs
    inner join rhythms
        on
            costs.tenant_id = rhythms.tenant_id
            and costs.connection_id = rhythms.connection_id
            and costs.billing_currency = rhythms.billing_currency
            and coalesce(costs.service_name, '') = coalesce(rhythms.service_name, '')
            and coalesce(costs.charge_category, '') = coalesce(rhythms.charge_category, '')

),

weekdays as (

    select
        {{ key | join(',\n        ') }},
        provider,
        billing_period,
        last_complete_date,
        days_left,
        days_ago % 7 as weekday,
        least(14, {{ x_date_diff('first_date', 'last_complete_date') }} + 1) as history_days,
        {% for cost in ['effective', 'billed'] %}
            {{ x_sum('case when is_to_date then ' ~ cost ~ '_cost end') }} as {{ cost }}_to_date,
            {{ x_sum('case when is_due then ' ~ cost ~ '_cost end') }} as {{ cost }}_due,
            {{ x_sum('case when is_daily then ' ~ cost ~ '_cost end') }} as {{ cost }}_recent,
        {% endfor %}
        sum(case when is_to_date or is_recent then line_count else 0 end) as line_count,
        sum(case when is_to_date or is_recent then known_effective_count else 0 end)
            as known_effective_count,
        abs(
            {{ x_sum('case when is_daily and days_ago < 7 then effective_cost end') }}
            - {{ x_sum('case when is_daily and days_ago >= 7 then effective_cost end') }}
        ) as effective_difference

    from rhythmic_costs
    group by
        {{ key | join(',\n        ') }},
        provider,
        billing_period,
        first_date,
        last_complete_date,
        days_left,
        days_ago % 7

),

weekday_forecasts as (

    -- each weekday lies twice in 14 days; a shorter history knows no weekdays
    select
        weekdays.*,
        {% for cost in ['effective', 'billed'] %}
            case
                when history_days >= 14
                    then {{ x_mul(cost ~ '_recent', '0.5 * ' ~ remaining_days_of_weekday) }}
                else {{ x_mul(cost ~ '_recent', x_div('days_left', 'history_days', 8)) }}
            end as {{ cost }}_to_come,
        {% endfor %}
        {{ x_mul('effective_difference', '0.5 * ' ~ remaining_days_of_weekday) }}
            as effective_margin

    from weekdays

),

forecasts as (

    select
        {{ key | join(',\n        ') }},
        provider,
        billing_period,
        last_complete_date as as_of_date,
        days_left,
        max(history_days) as history_days,
        {% for cost in ['effective', 'billed'] %}
            {{ x_sum(cost ~ '_to_date') }} as {{ cost }}_cost_to_date,
            {{ x_sum(cost ~ '_to_date') }} + {{ x_sum(cost ~ '_due') }}
            + {{ x_sum(cost ~ '_to_come') }} as forecast_{{ cost }}_cost,
        {% endfor %}
        {{ x_sum('effective_margin') }} as margin,
        count(*) = count(effective_to_come) and count(*) = count(billed_to_come) as is_known,
        sum(known_effective_count) > 0 or sum(line_count) = 0 as is_effective_known

    from weekday_forecasts
    group by
        {{ key | join(',\n        ') }},
        provider,
        billing_period,
        last_complete_date,
        days_left

),

explained_forecasts as (

    select
        tenant_id,
        connection_id,
        provider,
        billing_currency,
        billing_period,
        as_of_date,
        case when is_effective_known then effective_cost_to_date end as effective_cost_to_date,
        case
            when is_effective_known and is_known and (history_days >= 3 or days_left = 0)
                then forecast_effective_cost
        end as forecast_effective_cost,
        case
            when not is_effective_known then null
            when days_left = 0 then effective_cost_to_date
            when is_known and history_days >= 14 then forecast_effective_cost - margin
        end as forecast_low,
        case
            when not is_effective_known then null
            when days_left = 0 then effective_cost_to_date
            when is_known and history_days >= 14 then forecast_effective_cost + margin
        end as forecast_high,
        billed_cost_to_date,
        case when is_known and (history_days >= 3 or days_left = 0) then forecast_billed_cost end
            as forecast_billed_cost,
        case
            when not is_effective_known then 'Unknown: the export tells no effective cost.'
            when days_left = 0 then 'The month is complete.'
            when history_days < 3 or not is_known
                then 'Unknown: a forecast needs 3 complete days.'
            when history_days < 14
                then
                    'Cost so far, and for each remaining day the mean of the '
                    || cast(history_days as varchar) || ' complete days there are.'
            else
                'Cost so far, each remaining day as its weekday in the last 14 complete days, and '
                || 'fees and taxes that last month had later than today. Low and high: if every '
                || 'remaining day differs as much as the two weeks differ from each other.'
        end as method

    from forecasts

)

select * from explained_forecasts
