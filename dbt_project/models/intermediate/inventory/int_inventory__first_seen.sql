{%- set in_use = {
    'stg_aws__elastic_ips': 'association_id is not null',
    'stg_azure__public_ips': 'coalesce(ip_configuration_id, nat_gateway_id, public_ip_prefix_id)'
        ~ ' is not null',
    'stg_azure__nat_gateways': 'subnet_count > 0',
    'stg_azure__load_balancers': '(backend_member_count > 0 or inbound_nat_rule_count > 0)',
} -%}
{{ config(materialized='table') }}

with

snapshots as (

    {% for table, is_in_use in in_use.items() %}
        select
            tenant_id,
            resource_id,
            snapshot_date,
            {{ is_in_use }} as is_in_use

        from {{ ref(table) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

last_uses as (

    select
        tenant_id,
        resource_id,
        max(case when is_in_use then snapshot_date end) as last_in_use_date

    from snapshots
    group by
        tenant_id,
        resource_id

),

first_seen as (

    -- days count from the first snapshot in which nothing used it any more
    select
        snapshots.tenant_id,
        snapshots.resource_id,
        max(last_uses.last_in_use_date) as last_in_use_date,
        min(snapshots.snapshot_date) as first_seen_date

    from snapshots
    inner join last_uses
        on
            snapshots.tenant_id = last_uses.tenant_id
            and snapshots.resource_id = last_uses.resource_id
    where
        last_uses.last_in_use_date is null
        or snapshots.snapshot_date > last_uses.last_in_use_date
    group by
        snapshots.tenant_id,
        snapshots.resource_id

)

select * from first_seen
