with

lines as (

    select * from {{ ref('stg_cost_lines') }}

),

partitions as (

    select * from {{ ref('int_partitions') }}

),

costs as (

    select
        -- ids
        lines.tenant_id,
        lines.connection_id,
        lines.billing_period,
        partitions.load_version,
        lines.billing_account_id,
        lines.sub_account_id,
        lines.resource_id,
        lines.region_id,
        lines.commitment_discount_id,
        lines.invoice_id,

        -- strings
        lines.provider,
        lines.billing_account_name,
        lines.sub_account_name,
        lines.service_name,
        lines.service_category,
        lines.resource_name,
        lines.resource_type,
        lines.charge_category,
        lines.charge_class,
        lines.charge_description,
        lines.pricing_category,
        lines.commitment_discount_status,
        lines.charge_type,
        lines.usage_type,
        lines.operation,
        lines.pricing_unit,
        lines.billing_currency,
        lines.tags,
        lines.source_file,
        lines.note,

        -- numerics
        lines.pricing_quantity,
        lines.billed_cost,
        lines.effective_cost,
        lines.list_cost,
        lines.contracted_cost,

        -- dates and timestamps
        lines.charge_period_start,
        lines.charge_period_end,
        coalesce(cast(lines.charge_period_start as date), partitions.period_start_date)
            as charge_date

    from lines
    inner join partitions
        on
            lines.tenant_id = partitions.tenant_id
            and lines.connection_id = partitions.connection_id
            and lines.billing_period = partitions.billing_period

)

select * from costs
