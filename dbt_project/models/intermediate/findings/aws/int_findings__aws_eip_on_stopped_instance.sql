{%- set conditions = [
    condition('days_stopped', 'stopped_days', '>=', 'min_days_stopped', 'days'),
] -%}

with

stopped_instances as (

    select * from {{ ref('int_inventory__stopped_instances') }}

),

{{ candidates('aws_eip_on_stopped_instance', ref('int_inventory__aws_elastic_ips'), conditions) }},

findings as (

    select
        candidates.*,
        stopped_instances.stopped_days,
        'high' as confidence,
        candidates.public_ip as current_value

    from candidates
    inner join stopped_instances
        on
            candidates.tenant_id = stopped_instances.tenant_id
            and candidates.instance_id = stopped_instances.resource_id
    where stopped_instances.managing_service is null

)

{{ select_findings('aws_eip_on_stopped_instance', conditions) }}
