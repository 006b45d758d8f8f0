{%- set names = threshold_names() -%}
{{ config(materialized='table') }}

with

scopes as (

    select * from {{ ref('stg_scan_scopes') }}

),

overrides as (

    select * from {{ ref('stg_rule_thresholds') }}

),

tenants as (

    select distinct tenant_id from scopes

),

defaults as (

    {% for rule_id, rule in rules().items() %}
        select
            {% for name in names %}
                cast({{ rule.thresholds.get(name, 'null') }} as double) as {{ name }},
            {% endfor %}
            '{{ rule_id }}' as rule_id
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

thresholds as (

    select
        tenants.tenant_id,
        defaults.rule_id,
        {% for name in names %}
            coalesce(
                max(case when overrides.threshold_name = '{{ name }}' then overrides.value end),
                max(defaults.{{ name }})
            ) as {{ name }},
        {% endfor %}
        {{ x_count('overrides.rule_id') }} as override_count

    from tenants
    cross join defaults
    left outer join overrides
        on
            tenants.tenant_id = overrides.tenant_id
            and defaults.rule_id = overrides.rule_id
    group by
        tenants.tenant_id,
        defaults.rule_id

),

rule_thresholds as (

    select
        thresholds.*,
        case thresholds.rule_id
            {% for rule_id, rule in rules().items() %}
                when '{{ rule_id }}' then {{ tenant_thresholds(rule.thresholds) }}
            {% endfor %}
        end as threshold_values,
        case thresholds.rule_id
            {% for rule_id, rule in rules().items() %}
                when '{{ rule_id }}' then {{ rule.needs_utilization | default(false) }}
            {% endfor %}
        end as needs_utilization

    from thresholds

)

select * from rule_thresholds
