{#-
    CTE `candidates` of a rule: the resources that it may find, each with its tenant's thresholds
    and the figures of the window, prefixed with the name given to the metric.

    What something else manages is no candidate: it would be made again, or be missed. Nor is what
    lies in an account that is not read any more, or, for a rule on utilization, what was not
    measured lately. Arguments are those of `findings`.
-#}
{% macro candidates(rule_id, resources, conditions, thresholds, known_days, exemptions) -%}
    {%- set columns = conditions | map(attribute='threshold') | list + thresholds -%}
    {%- set metrics = conditions | map(attribute='metrics') | sum(start=[]) | unique | list -%}
    {%- set names = metric_names(resources) if metrics else {} -%}
    {%- set statistics = [
        'average', 'minimum', 'p95', 'p99', 'maximum', 'sum', 'measured_seconds', 'coverage_ratio',
    ] -%}
    {%- if metrics -%}
        {%- set columns = columns + ['window_days'] -%}
    {%- endif -%}
    {%- if conditions | selectattr('metrics') | selectattr('is_covered') | list -%}
        {%- set columns = columns + ['min_coverage_ratio'] -%}
    {%- endif -%}
candidates as (

    select
        resources.*
        {%- for column in columns | unique %},
        thresholds.{{ column }}
        {%- endfor -%}
        {%- for metric in metrics -%}
            {%- for statistic in statistics %},
        {{ metric }}.{{ statistic }} as {{ metric }}_{{ statistic }}
            {%- endfor -%}
        {%- endfor -%}
        {%- if known_days %},
        known_days.idle_address_day_count,
        known_days.is_used_since,
        {{ x_date_diff('known_days.first_seen_date', 'resources.observed_date') }} as seen_days,
        greatest(
            coalesce(known_days.billed_day_count, 0),
            coalesce(
                {{ x_date_diff('known_days.first_seen_date', 'resources.observed_date') }}, 0
            )
        ) as days_known
        {%- endif %}
        {%- if exemptions %},
        exemptions.resource_id is not null as is_exempt
        {%- endif %}

    from {{ ref('int_inventory__' ~ resources) }} as resources
    inner join {{ ref('int_rule_thresholds') }} as thresholds
        on
            resources.tenant_id = thresholds.tenant_id
            and thresholds.rule_id = '{{ rule_id }}'
    {%- for metric in metrics %}
    left outer join {{ ref('int_utilization__window') }} as {{ metric }}
        on
            resources.tenant_id = {{ metric }}.tenant_id
            and resources.resource_id = {{ metric }}.resource_id
            and {{ metric }}.metric_name = '{{ names[metric] }}'
            and {{ metric }}.window_days = thresholds.window_days
    {%- endfor %}
    {%- if known_days %}
    left outer join {{ ref('int_inventory__known_days') }} as known_days
        on
            resources.tenant_id = known_days.tenant_id
            and resources.resource_id = known_days.resource_id
    {%- endif %}
    {%- if exemptions %}
    left outer join (
        select distinct
            tenant_id,
            resource_id

        from {{ ref('int_exempt_resources') }}
        where rule_id in ('*', '{{ rule_id }}')
    ) as exemptions
        on
            resources.tenant_id = exemptions.tenant_id
            and resources.resource_id = exemptions.resource_id
    {%- endif %}
    where
        resources.managing_service is null
        and resources.unread_since_date is null
        {%- if metrics %}
        and {{ is_measured_lately('resources') }}
        {%- endif %}

)
{%- endmacro %}
