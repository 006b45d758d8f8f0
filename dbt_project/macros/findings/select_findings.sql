{#-
    The rows of CTE `findings` in which all conditions hold, in the columns of every rule.

    Args:
        rule_id: The rule.
        conditions: Its conditions; they must not be empty, for a finding needs evidence.
        is_price_known: SQL of whether the list prices are those of the resource's own kind.
        is_cost_shared: SQL of whether part of its cost would pass to something that stays.
        chart_metric: SQL of the metric that a finding's chart shows, where it is not the rule's own.
        chart_limit: SQL of where the chart of a finding has its threshold line, for a rule whose
            charted metric is held against no threshold as it is.
        is_priced: Whether `findings` has what should be, `target_value`, and the list prices of both.
-#}
{% macro select_findings(
    rule_id, conditions, is_priced=false, is_price_known='true', is_cost_shared='false',
    chart_metric='null', chart_limit='null'
) -%}
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
