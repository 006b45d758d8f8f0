{#-
    A whole rule. The caller's select turns CTE `candidates` into findings: it keeps the resources
    that may be waste, and adds `confidence`, `current_value` and what the conditions compare.
    Of these, the rows in which all conditions hold come out, in the columns of every rule.

    Args:
        rule_id: The rule.
        resources: Inventory of what it judges: `int_inventory__<resources>`.
        conditions: Its conditions; they must not be empty, for a finding needs evidence. Their
            thresholds and metrics become columns of `candidates`.
        thresholds: Further thresholds that become columns.
        known_days: Whether what bill and scans know of the resource's days becomes columns.
        exemptions: Whether `is_exempt` becomes a column.
        is_priced: Whether the select adds what should be, `target_value`, and the list prices of
            both, `current_list_price` and `target_list_price`.
        is_price_known: SQL of whether the list prices are those of the resource's own kind.
        is_cost_shared: SQL of whether part of its cost would pass to something that stays.
        chart_metric: SQL of the metric that a finding's chart shows, where it is not the rule's own.
        chart_limit: SQL of where the chart of a finding has its threshold line, for a rule whose
            charted metric is held against no threshold as it is.
-#}
{% macro findings(
    rule_id, resources, conditions, thresholds=[], known_days=false, exemptions=false,
    is_priced=false, is_price_known='true', is_cost_shared='false', chart_metric='null',
    chart_limit='null'
) -%}
with

{{ candidates(rule_id, resources, conditions, thresholds, known_days, exemptions) }},

findings as (

    {{ caller() | trim }}

)

select
    {{ surrogate_key(['tenant_id', "'" ~ rule_id ~ "'", 'resource_id']) }} as finding_id,
    tenant_id,
    '{{ rule_id }}' as rule_id,
    connection_id,
    sub_account_id,
    region_id,
    resource_id,
    resource_name,
    resource_type,
    tags,
    observed_date,
    confidence,
    current_value,
    {{ 'target_value' if is_priced else 'cast(null as varchar) as target_value' }},
    cast({{ 'current_list_price' if is_priced else 'null' }} as double) as current_list_price,
    cast({{ 'target_list_price' if is_priced else 'null' }} as double) as target_list_price,
    {{ is_price_known }} as is_price_known,
    {{ is_cost_shared }} as is_cost_shared,
    cast({{ chart_metric }} as varchar) as own_chart_metric,
    cast({{ chart_limit }} as double) as chart_limit,
    {{ evidence(conditions) }} as evidence,
    {{ figures(conditions) }} as figures

from findings
where {{ hold(conditions) }}
{%- endmacro %}
