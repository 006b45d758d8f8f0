{%- set mover = [
    'tenant_id', 'provider', 'sub_account_id', 'service_name', 'billing_currency', 'current_end_date',
] -%}
{%- set thing_by_cause = {
    'new_resources': 'coalesce(resource_name, ' ~ x_last_segment('resource_id') ~ ')',
    'gone_resources': 'coalesce(resource_name, ' ~ x_last_segment('resource_id') ~ ')',
    'usage': 'coalesce(usage_type, service_name)',
    'price': 'coalesce(usage_type, service_name)',
    'rest': 'charge_category',
} -%}

with

items as (

    select * from {{ ref('int_cost_changes__items') }}

),

things as (

    {% for cause, thing in thing_by_cause.items() %}
        select
            {{ mover | join(',\n            ') }},
            '{{ cause }}' as cause,
            coalesce({{ thing }}, 'unnamed') as thing,
            {{ x_sum('change_from_' ~ cause) }} as change_cost

        from items
        where change_from_{{ cause }} <> 0
        group by
            {{ mover | join(',\n            ') }},
            coalesce({{ thing }}, 'unnamed')
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

ranked_things as (

    select
        things.*,
        {{ x_big(
            'row_number() over (partition by ' ~ mover | join(', ')
            ~ ', cause order by abs(change_cost) desc nulls last, thing asc nulls last)'
        ) }} as thing_rank

    from things

),

causes as (

    select
        {{ mover | join(',\n        ') }},
        cause,
        {{ x_sum('change_cost') }} as change_cost,
        {{ x_count() }} as thing_count,
        max(case when thing_rank = 1 then thing end) as first_thing,
        max(case when thing_rank = 2 then thing end) as second_thing

    from ranked_things
    group by
        {{ mover | join(',\n        ') }},
        cause

),

named_causes as (

    select
        causes.*,
        case
            when thing_count = 1 then first_thing
            when thing_count = 2 then first_thing || ' and ' || second_thing
            else
                first_thing || ', ' || second_thing || ' and '
                || cast(thing_count - 2 as varchar) || ' more'
        end as things,
        cast({{ x_div('abs(change_cost)', 7, 2) }} as varchar) || ' ' || billing_currency
        || ' a day' as daily_amount

    from causes

),

sentences as (

    select
        {{ mover | join(',\n        ') }},
        cause,
        change_cost,
        case
            when cause = 'new_resources' and thing_count = 1
                then '1 new resource (' || things || ')'
            when cause = 'new_resources'
                then cast(thing_count as varchar) || ' new resources (' || things || ')'
            when cause = 'gone_resources' and thing_count = 1
                then '1 resource that is gone (' || things || ')'
            when cause = 'gone_resources'
                then cast(thing_count as varchar) || ' resources that are gone (' || things || ')'
            when cause = 'usage' and change_cost > 0 then 'more use of ' || things
            when cause = 'usage' then 'less use of ' || things
            when cause = 'price' and change_cost > 0 then 'a higher price of ' || things
            when cause = 'price' then 'a lower price of ' || things
            else 'charges that are no metered usage (' || things || ')'
        end
        || case when change_cost > 0 then ' add' else ' save' end
        || case
            when cause in ('new_resources', 'gone_resources') and thing_count > 1 then ' '
            when cause = 'rest' then ' '
            else 's '
        end
        || daily_amount as sentence,
        {{ x_big(
            'row_number() over (partition by ' ~ mover | join(', ')
            ~ ' order by abs(change_cost) desc nulls last, cause asc nulls last)'
        ) }} as cause_rank

    from named_causes

)

select * from sentences
