{{ config(materialized='table') }}

with

exemptions as (

    select * from {{ ref('stg_rule_exemptions') }}

),

resources as (

    select * from {{ ref('int_inventory__resources') }}

),

exempting_tenants as (

    select distinct tenant_id from exemptions

),

tagged_resources as (

    -- most tenants exempt nothing: their tags are not looked at
    select
        resources.tenant_id,
        resources.resource_id,
        resources.tags

    from resources
    inner join exempting_tenants
        on resources.tenant_id = exempting_tenants.tenant_id

),

resource_tags as (

    {{ x_explode_json('tagged_resources', ['tenant_id', 'resource_id'], 'tags') }}

),

exempt_resources as (

    select
        resource_tags.tenant_id,
        resource_tags.resource_id,
        exemptions.rule_id,
        max(exemptions.reason) as exemption_reason

    from resource_tags
    inner join exemptions
        on
            resource_tags.tenant_id = exemptions.tenant_id
            and lower(trim(resource_tags.tag_key)) = lower(trim(exemptions.tag_key))
            and exemptions.tag_value in ('*', resource_tags.tag_value)
    group by
        resource_tags.tenant_id,
        resource_tags.resource_id,
        exemptions.rule_id

)

select * from exempt_resources
