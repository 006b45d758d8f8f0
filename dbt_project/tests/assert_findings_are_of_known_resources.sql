{#- Every finding is of a resource that the latest complete scan of its region saw. -#}
with

findings as (

    select * from {{ ref('fct_findings') }}

),

resources as (

    select * from {{ ref('int_inventory__resources') }}

),

strays as (

    select findings.*

    from findings
    left outer join resources
        on
            findings.tenant_id = resources.tenant_id
            and findings.resource_id = resources.resource_id
            and findings.resource_type = resources.resource_type
    where resources.resource_id is null

)

select * from strays
