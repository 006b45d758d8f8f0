{{ config(materialized='table') }}

with

findings as (

    select * from {{ ref('int_findings') }}
    where not is_exempt

),

attachments as (

    select * from {{ ref('int_inventory__attachments') }}

),

resource_costs as (

    select * from {{ ref('int_resource_costs__trailing_30_days') }}

),

claimed_resources as (

    select
        tenant_id,
        finding_id,
        resource_id as claimed_resource_id

    from findings
    where cost <> 'attached'
    union all
    select
        findings.tenant_id,
        findings.finding_id,
        attachments.attached_resource_id as claimed_resource_id

    from findings
    inner join attachments
        on
            findings.tenant_id = attachments.tenant_id
            and findings.resource_id = attachments.resource_id
    where findings.cost = 'attached'

),

claims as (

    -- what is saved is what no commitment covers: a commitment is paid for either way
    select
        findings.tenant_id,
        findings.finding_id,
        findings.rule_id,
        findings.title,
        findings.cost,
        findings.action_rank,
        findings.is_cost_shared,
        claimed_resources.claimed_resource_id,
        resource_costs.billing_currency,
        resource_costs.bill_day_count,
        resource_costs.effective_cost_30d,
        resource_costs.effective_cost_30d - resource_costs.uncovered_cost_30d as covered_cost_30d,
        case findings.cost
            when 'capacity' then resource_costs.uncovered_capacity_cost_30d
            else resource_costs.uncovered_cost_30d
        end as base_cost_30d,
        case
            when not findings.is_price_known or findings.is_cost_shared
                then cast(null as decimal(28, 8))
            when findings.target_list_price is null then 1
            else 1 - {{ x_div('findings.target_list_price', 'findings.current_list_price', 8) }}
        end as saved_ratio

    from findings
    inner join claimed_resources
        on
            findings.tenant_id = claimed_resources.tenant_id
            and findings.finding_id = claimed_resources.finding_id
    inner join resource_costs
        on
            claimed_resources.tenant_id = resource_costs.tenant_id
            and claimed_resources.claimed_resource_id = resource_costs.resource_id

),

amounts as (

    select
        claims.*,
        case
            when saved_ratio is not null
                then greatest({{ x_mul('base_cost_30d', 'saved_ratio') }}, 0)
        end as claimed_cost

    from claims

),

ranked as (

    -- a machine's finding speaks for what is attached to it
    select
        amounts.*,
        row_number() over (
            partition by tenant_id, claimed_resource_id, billing_currency
            order by
                action_rank asc nulls last,
                case when cost = 'attached' then 0 else 1 end asc nulls last,
                claimed_cost desc nulls last,
                rule_id asc nulls last,
                finding_id asc nulls last
        ) as claim_rank,
        first_value(title) over (
            partition by tenant_id, claimed_resource_id, billing_currency
            order by
                action_rank asc nulls last,
                case when cost = 'attached' then 0 else 1 end asc nulls last,
                claimed_cost desc nulls last,
                rule_id asc nulls last,
                finding_id asc nulls last
        ) as first_title

    from amounts

),

claimants as (

    select
        ranked.*,
        case
            when
                claim_rank = 1
                and not is_cost_shared
                then '"' || claimed_resource_id || '"'
        end as counted_resource_id,
        case when claim_rank > 1 then first_title end as other_title

    from ranked

)

select * from claimants
