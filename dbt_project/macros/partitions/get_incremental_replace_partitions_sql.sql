{#-
    Incremental strategy: make the model hold exactly the landed versions of its partitions.

    Versions that are no longer landed go, whether newer ones replace them, the partition became
    empty or it vanished; the selected rows come. Both happen in the model's one transaction.
-#}
{% macro get_incremental_replace_partitions_sql(arguments) -%}
    {%- set target_relation = arguments['target_relation'] -%}
    {%- set columns = get_quoted_csv(arguments['dest_columns'] | map(attribute='name')) -%}

    delete from {{ target_relation }} as held
    where not exists (
        select 1
        from {{ ref('int_partitions') }} as landed
        where
            landed.tenant_id = held.tenant_id
            and landed.connection_id = held.connection_id
            and landed.billing_period = held.billing_period
            and landed.load_version = held.load_version
    );

    insert into {{ target_relation }} ({{ columns }})
    select {{ columns }}
    from {{ arguments['temp_relation'] }}
{%- endmacro %}
