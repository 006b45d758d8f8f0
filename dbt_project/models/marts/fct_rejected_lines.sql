{{ config(materialized='incremental') }}

with

rejected as (

    select * from {{ ref('stg_rejected') }}
    where {{ in_changed_partitions() }}

),

partitions as (

    select * from {{ ref('int_partitions') }}

),

rejected_lines as (

    select
        rejected.tenant_id,
        rejected.connection_id,
        rejected.billing_period,
        rejected.dataset,
        rejected.source_file,
        rejected.line_number,
        rejected.column_name,
        rejected.reason,
        rejected.is_row_rejected,
        rejected.billing_currency,
        rejected.source_cost,
        rejected.source_line,
        partitions.load_version

    from rejected
    inner join partitions
        on
            rejected.tenant_id = partitions.tenant_id
            and rejected.connection_id = partitions.connection_id
            and rejected.billing_period = partitions.billing_period

)

select * from rejected_lines
