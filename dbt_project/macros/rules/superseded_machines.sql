{#-
    Machines of an old generation whose successor has no less and costs no more.

    Args:
        rule_id: The rule.
-#}
{% macro superseded_machines(rule_id) -%}
    {%- set conditions = [price_condition()] -%}
with

{{ machine_candidates(rule_id, conditions) }},

findings as (

    select
        candidates.*,
        'high' as confidence,
        sizes.machine_size as current_value,
        successors.machine_size as target_value,
        sizes.list_price_usd_hour as current_list_price,
        successors.list_price_usd_hour as target_list_price

    from candidates
    inner join sizes
        on candidates.machine_size = sizes.machine_size
    inner join sizes as successors
        on
            sizes.successor_size = successors.machine_size
            and sizes.memory_gib <= successors.memory_gib
            and sizes.vcpus <= successors.vcpus

)

{{ select_findings(rule_id, conditions, is_priced=true, is_price_known='is_linux_priced') }}
{%- endmacro %}
