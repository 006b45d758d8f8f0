{%- set mover = [
    'tenant_id', 'provider', 'sub_account_id', 'service_name', 'billing_currency', 'current_end_date',
] -%}

with

items as (

    select * from {{ ref('int_cost_changes__items') }}

),

causes as (

    select * from {{ ref('int_cost_changes__causes') }}

),

changes as (

    select
        {{ mover | join(',\n        ') }},
        {{ x_sum('current_cost') }} as current_cost,
        {{ x_sum('previous_cost') }} as previous_cost,
        {{ x_sum('change_cost') }} as change_cost,
        {{ x_sum('change_from_new_resources') }} as change_from_new_resources,
        {{ x_sum('change_from_gone_resources') }} as change_from_gone_resources,
        {{ x_sum('change_from_usage') }} as change_from_usage,
        {{ x_sum('change_from_price') }} as change_from_price,
        {{ x_sum('change_from_rest') }} as change_from_rest

    from items
    group by {{ mover | join(', ') }}

),

reasons as (

    -- the greatest cause, and the second if it is worth a quarter of it
    select
        {{ mover | join(',\n        ') }},
        max(case when cause_rank = 1 then sentence end) as first_sentence,
        max(case when cause_rank = 2 then sentence end) as second_sentence,
        max(case when cause_rank = 1 then abs(change_cost) end)
        <= 4 * max(case when cause_rank = 2 then abs(change_cost) end) as is_second_told

    from causes
    group by {{ mover | join(', ') }}

),

movers as (

    select
        changes.tenant_id,
        changes.provider,
        changes.sub_account_id,
        changes.service_name,
        changes.billing_currency,
        {{ x_date_add('changes.current_end_date', -6) }} as current_start_date,
        changes.current_end_date,
        {{ x_date_add('changes.current_end_date', -13) }} as previous_start_date,
        {{ x_date_add('changes.current_end_date', -7) }} as previous_end_date,
        changes.current_cost,
        changes.previous_cost,
        changes.change_cost,
        changes.change_from_new_resources,
        changes.change_from_gone_resources,
        changes.change_from_usage,
        changes.change_from_price,
        changes.change_from_rest,
        case
            when reasons.first_sentence is null then 'Nothing changed.'
            else
                upper(substring(reasons.first_sentence, 1, 1))
                || substring(reasons.first_sentence, 2)
                || case when reasons.is_second_told then '; ' || reasons.second_sentence else '' end
                || '.'
        end as reason

    from changes
    left outer join reasons
        on
            changes.tenant_id = reasons.tenant_id
            and changes.provider = reasons.provider
            and coalesce(changes.sub_account_id, '') = coalesce(reasons.sub_account_id, '')
            and coalesce(changes.service_name, '') = coalesce(reasons.service_name, '')
            and changes.billing_currency = reasons.billing_currency
            and changes.current_end_date = reasons.current_end_date

)

select * from movers
