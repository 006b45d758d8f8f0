{%- set conditions = [
    condition('days_stopped', 'stopped_days', '>=', 'min_days_stopped', 'days'),
] -%}

with

attachments as (

    select * from {{ ref('int_inventory__attachments') }}

),

{{ candidates(
    'aws_ec2_instance_stopped_long', ref('int_inventory__stopped_instances'), conditions
) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        instance_type as current_value

    from candidates
    where
        exists (
            select 1
            from attachments
            where
                attachments.tenant_id = candidates.tenant_id
                and attachments.resource_id = candidates.resource_id
        )

)

{{ select_findings('aws_ec2_instance_stopped_long', conditions) }}
