{#-
    Machines of an old generation whose successor has no less and costs no more.

    Args:
        rule_id: The rule.
-#}
{% macro superseded_machines(rule_id) -%}
    {%- set words = machine_words(rule_id) -%}
{% call findings(
    rule_id, words.machines, [price_condition()], is_priced=true,
    is_price_known=words.is_linux_priced
) -%}
    select
        candidates.*,
        'high' as confidence,
        sizes.{{ words.size }} as current_value,
        successors.{{ words.size }} as target_value,
        cast(sizes.list_price_usd_hour as double) as current_list_price,
        cast(successors.list_price_usd_hour as double) as target_list_price

    from candidates
    inner join {{ ref(words.sizes) }} as sizes
        on candidates.{{ words.size }} = sizes.{{ words.size }}
    inner join {{ ref(words.sizes) }} as successors
        on
            sizes.{{ words.successor }} = successors.{{ words.size }}
            and sizes.memory_gib <= successors.memory_gib
            and sizes.vcpus <= successors.vcpus
    where {{ words.is_running }}
{%- endcall %}
{%- endmacro %}
