{%- set tables = [
    'stg_aws__elastic_ips',
    'stg_azure__public_ips',
    'stg_azure__nat_gateways',
    'stg_azure__load_balancers',
] -%}
{{ config(materialized='table') }}

with

snapshots as (

    {% for table in tables %}
        select
            tenant_id,
            resource_id,
            snapshot_date

        from {{ ref(table) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

first_seen as (

    select
        tenant_id,
        resource_id,
        min(snapshot_date) as first_seen_date

    from snapshots
    group by
        tenant_id,
        resource_id

)

select * from first_seen
