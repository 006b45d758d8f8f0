{#-
    A CTE `candidates`: the resources that the rule may find, each with its tenant's thresholds and
    the figures of the window, prefixed with the name given to the metric.

    What something else manages is no candidate: it would be made again, or be missed. Nor is, for
    a rule on utilization, what was not measured lately.

    Args:
        rule_id: The rule.
        resources: An inventory relation, `ref(...)` or a CTE.
        conditions: The rule's conditions; their thresholds become columns.
        thresholds: Further thresholds that become columns.
        utilization: Metric by the name given to it.
        known_days: Name given to what bill and scans know of the resource's days, or none.
-#}
{% macro candidates(
    rule_id, resources, conditions=[], thresholds=[], utilization={}, known_days=false
) -%}
    {%- set columns = conditions | map(attribute='threshold') | list + thresholds -%}
    {%- set statistics = [
        'average', 'minimum', 'p95', 'p99', 'maximum', 'sum', 'measured_seconds', 'coverage_ratio',
    ] -%}
    {%- if utilization -%}
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
        {%- for metric in utilization -%}
            {%- for statistic in statistics %},
        {{ metric }}.{{ statistic }} as {{ metric }}_{{ statistic }}
            {%- endfor -%}
        {%- endfor -%}
        {%- if known_days %},
        known_days.billed_day_count,
        known_days.idle_address_day_count,
        {{ x_date_diff('known_days.first_seen_date', 'resources.observed_date') }} as seen_days
        {%- endif %}

    from {{ resources }} as resources
    inner join {{ ref('int_rule_thresholds') }} as thresholds
        on
            resources.tenant_id = thresholds.tenant_id
            and thresholds.rule_id = '{{ rule_id }}'
    {%- for metric, metric_name in utilization.items() %}
    left outer join {{ ref('int_utilization__window') }} as {{ metric }}
        on
            resources.tenant_id = {{ metric }}.tenant_id
            and resources.resource_id = {{ metric }}.resource_id
            and {{ metric }}.metric_name = '{{ metric_name }}'
            and {{ metric }}.window_days = thresholds.window_days
    {%- endfor %}
    {%- if known_days %}
    left outer join {{ ref('int_inventory__known_days') }} as known_days
        on
            resources.tenant_id = known_days.tenant_id
            and resources.resource_id = known_days.resource_id
    {%- endif %}
    where
        resources.managing_service is null
        {%- if utilization %}
        and {{ is_measured_lately('resources') }}
        {%- endif %}

)
{%- endmacro %}
