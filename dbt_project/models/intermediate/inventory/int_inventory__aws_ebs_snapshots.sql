{%- set lists = {'volume_lists': 'aws_ebs_volumes', 'image_lists': 'aws_amis'} -%}
{{ config(materialized='table') }}

with

snapshots as (

    select * from {{ ref('stg_aws__ebs_snapshots') }}
    where {{ in_latest_snapshots('aws_ebs_snapshots') }}

),

scopes as (

    select * from {{ ref('int_scan_scopes__latest') }}

),

last_data as (

    select * from {{ ref('int_utilization__last_data') }}

),

volumes as (

    select * from {{ ref('int_inventory__aws_ebs_volumes') }}

),

{{ latest_resources('aws_ebs_snapshots', created='started_at', description='description') }},

chained as (

    select
        resources.*,
        {{ is_copied_snapshot() }} as is_copy,
        {{ ebs_chain() }} as chain_id

    from resources

),

ebs_snapshots as (

    -- what a list does not hold that is older than the snapshot may have come with it
    select
        chained.*,
        case
            when chained.chain_id is not null
                then
                    cast(count(*) over (
                        partition by
                            chained.tenant_id,
                            chained.chain_id
                    ) as bigint)
        end as chain_snapshot_count,
        not chained.is_copy
        and volumes.resource_id is null
        and coalesce(volume_lists.snapshot_date > cast(chained.started_at as date), false)
            as is_source_gone,
        coalesce(image_lists.snapshot_date > cast(chained.started_at as date), false)
            as is_use_known

    from chained
    left outer join volumes
        on
            chained.tenant_id = volumes.tenant_id
            and chained.volume_id = volumes.resource_id
    {% for list, table_name in lists.items() %}
        left outer join scopes as {{ list }}
            on
                chained.tenant_id = {{ list }}.tenant_id
                and chained.connection_id = {{ list }}.connection_id
                and chained.sub_account_id = {{ list }}.sub_account_id
                and chained.region_id = {{ list }}.region_id
                and {{ list }}.table_name = '{{ table_name }}'
    {% endfor %}

)

select * from ebs_snapshots
