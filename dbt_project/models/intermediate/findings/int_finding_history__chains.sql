{{ config(materialized='table') }}

with

claims as (

    select * from {{ ref('int_finding_history__claims') }}

),

ebs_snapshots as (

    select * from {{ ref('stg_aws__ebs_snapshots') }}

),

disk_snapshots as (

    select * from {{ ref('stg_azure__snapshots') }}

),

snapshots as (

    -- of every scan: those that were deleted stand in no latest list
    select
        tenant_id,
        resource_id,
        {{ ebs_chain() }} as chain_id

    from ebs_snapshots
    union all
    select
        tenant_id,
        resource_id,
        lower(source_resource_id) as chain_id

    from disk_snapshots
    where is_incremental

),

chained as (

    select distinct
        tenant_id,
        resource_id,
        chain_id

    from snapshots
    where chain_id is not null

),

chains as (

    select distinct
        claims.tenant_id,
        claims.finding_id,
        claims.resolved_date,
        neighbours.resource_id

    from claims
    inner join chained
        on
            claims.tenant_id = chained.tenant_id
            and claims.item = chained.resource_id
    inner join chained as neighbours
        on
            chained.tenant_id = neighbours.tenant_id
            and chained.chain_id = neighbours.chain_id
            and chained.resource_id <> neighbours.resource_id

)

select * from chains
