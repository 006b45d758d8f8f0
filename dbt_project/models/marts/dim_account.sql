with

costs_by_resource as (

    select * from {{ ref('int_costs__by_resource') }}

),

accounts as (

    select
        tenant_id,
        provider,
        connection_id,
        sub_account_id,
        {{ x_latest('sub_account_name', 'last_charge_date') }} as sub_account_name,
        {{ x_latest('billing_account_id', 'last_charge_date') }} as billing_account_id,
        {{ x_latest('billing_account_name', 'last_charge_date') }} as billing_account_name,
        min(first_charge_date) as first_charge_date,
        max(last_charge_date) as last_charge_date

    from costs_by_resource
    where sub_account_id is not null
    group by
        tenant_id,
        provider,
        connection_id,
        sub_account_id

)

select * from accounts
