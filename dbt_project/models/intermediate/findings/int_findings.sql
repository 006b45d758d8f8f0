{{ config(materialized='table') }}
{%- set rules = rules() -%}

with

thresholds as (

    select * from {{ ref('int_rule_thresholds') }}

),

{% for rule_id in rule_ids() %}
    {%- set rule = rules.get(rule_id, {}) %}
    {{ rule_id }} as (

        select
            findings.*,
            {{ sentence(rule.sentence or '') }} as sentence,
            {% for word in [
                'provider', 'title', 'service', 'category', 'action', 'severity', 'effort', 'risk',
                'recommendation', 'cost', 'price_unit',
            ] %}
                {{ sql_text(rule.get(word) or '') }} as {{ word }},
            {% endfor %}
            {%- set chart = rule.chart or {} -%}
            coalesce(
                findings.own_chart_metric,
                {{ sql_text(chart.metric) if chart.metric else 'cast(null as varchar)' }}
            ) as chart_metric,
            {{ sql_text(chart.statistic) if chart.statistic else 'cast(null as varchar)' }}
                as chart_statistic,
            {{ 'thresholds.' ~ chart.threshold if chart.threshold else 'findings.chart_limit' }}
                as chart_threshold,
            thresholds.threshold_values as thresholds

        from {{ ref('int_findings__' ~ rule_id) }} as findings
        inner join thresholds
            on
                findings.tenant_id = thresholds.tenant_id
                and findings.rule_id = thresholds.rule_id

    ),
{% endfor %}

every_finding as (

    {% for rule_id in rule_ids() %}
        select * from {{ rule_id }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

finding_tags as (

    {{ x_explode_json('every_finding', ['tenant_id', 'finding_id'], 'tags') }}

),

exempt_resources as (

    select * from {{ ref('int_exempt_resources') }}

),

owners as (

    select
        tenant_id,
        finding_id,
        coalesce(
            max(case when lower(trim(tag_key)) = 'owner' then tag_value end),
            max(case when lower(trim(tag_key)) = 'team' then tag_value end)
        ) as owner_name

    from finding_tags
    where
        lower(trim(tag_key)) in ('owner', 'team')
        and trim(tag_value) <> ''
    group by
        tenant_id,
        finding_id

),

exempt as (

    select
        every_finding.tenant_id,
        every_finding.finding_id,
        max(exempt_resources.exemption_reason) as exemption_reason

    from every_finding
    inner join exempt_resources
        on
            every_finding.tenant_id = exempt_resources.tenant_id
            and every_finding.resource_id = exempt_resources.resource_id
            and exempt_resources.rule_id in ('*', every_finding.rule_id)
    group by
        every_finding.tenant_id,
        every_finding.finding_id

),

findings as (

    select
        every_finding.*,
        owners.owner_name,
        exempt.finding_id is not null as is_exempt,
        exempt.exemption_reason,
        case every_finding.action
            {% for action in action_order() %}
                when '{{ action }}' then {{ loop.index }}
            {% endfor %}
        end as action_rank

    from every_finding
    left outer join owners
        on
            every_finding.tenant_id = owners.tenant_id
            and every_finding.finding_id = owners.finding_id
    left outer join exempt
        on
            every_finding.tenant_id = exempt.tenant_id
            and every_finding.finding_id = exempt.finding_id

)

select * from findings
