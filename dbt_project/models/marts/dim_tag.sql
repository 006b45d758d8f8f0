with

costs_by_resource as (

    select * from {{ ref('int_costs__by_resource') }}

),

tagged_resources as (

    select
        tenant_id,
        resource_id,
        billing_currency,
        tags,
        {{ x_big('sum(line_count)') }} as line_count,
        {{ x_sum('effective_cost') }} as effective_cost

    from costs_by_resource
    where tags <> '{}'
    group by
        tenant_id,
        resource_id,
        billing_currency,
        tags

),

tags_of_resources as (

    {{ x_explode_json(
        'tagged_resources',
        ['tenant_id', 'resource_id', 'billing_currency', 'line_count', 'effective_cost'],
        'tags'
    ) }}

),

tags as (

    select
        tenant_id,
        tag_key,
        coalesce(tag_value, '') as tag_value,
        billing_currency,
        {{ x_count('distinct resource_id') }} as resource_count,
        {{ x_big('sum(line_count)') }} as line_count,
        {{ x_sum('effective_cost') }} as effective_cost

    from tags_of_resources
    group by
        tenant_id,
        tag_key,
        coalesce(tag_value, ''),
        billing_currency

)

select * from tags
