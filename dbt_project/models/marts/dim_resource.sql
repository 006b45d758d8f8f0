with

costs_by_resource as (

    select * from {{ ref('int_costs__by_resource') }}

),

resources as (

    select
        tenant_id,
        provider,
        resource_id,
        {{ x_latest('resource_name', 'last_charge_date') }} as resource_name,
        {{ x_latest('resource_type', 'last_charge_date') }} as resource_type,
        {{ x_latest('service_name', 'last_charge_date') }} as service_name,
        {{ x_latest('service_category', 'last_charge_date') }} as service_category,
        {{ x_latest('region_id', 'last_charge_date') }} as region_id,
        {{ x_latest('sub_account_id', 'last_charge_date') }} as sub_account_id,
        {{ x_latest('tags', 'last_charge_date') }} as tags,
        min(first_charge_date) as first_charge_date,
        max(last_charge_date) as last_charge_date

    from costs_by_resource
    where resource_id is not null
    group by
        tenant_id,
        provider,
        resource_id

)

select * from resources
