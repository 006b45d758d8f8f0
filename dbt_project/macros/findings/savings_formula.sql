{#- How a saving was computed, in words; over `findings` and what they claim. -#}
{% macro savings_formula() -%}
    case findings.cost
        when 'attached' then 'effective cost of what is attached to it'
        when 'capacity' then 'effective cost of the resource without its traffic'
        else 'effective cost of the resource'
    end
    || ' in the last 30 complete days of the bill, as far as no commitment covers it'
    || case
        when findings.target_list_price is not null
            then
                ', × (1 − list price of the target ÷ '
                || 'list price of what is)'
        else ''
    end
{%- endmacro %}

{#- What went into the formula, as the text of a JSON list; over `findings` and `savings`. -#}
{% macro savings_inputs() -%}
    '['
    || case
        when savings.base_cost_30d is null then ''
        else
            {{ x_json_object({
                'name': "'effective cost that the formula takes'",
                'value': 'cast(savings.base_cost_30d as decimal(38, 2))',
                'unit': 'savings.billing_currency',
            }) }}
            || case
                when savings.covered_cost_30d > 0
                    then ',' || {{ x_json_object({
                        'name': "'of its whole cost, covered by commitments'",
                        'value': 'cast(savings.covered_cost_30d as decimal(38, 2))',
                        'unit': 'savings.billing_currency',
                    }) }}
                else ''
            end
            || ',' || {{ x_json_object({
                'name': "'days of the bill'",
                'value': 'savings.bill_day_count',
                'unit': "'days'",
            }) }}
            || case when findings.target_list_price is null then '' else ',' end
    end
    || case
        when findings.target_list_price is null then ''
        else
            {{ x_json_object({
                'name': "'list price of what is'",
                'value': 'round(findings.current_list_price, 6)',
                'unit': 'findings.price_unit',
            }) }}
            || ',' || {{ x_json_object({
                'name': "'list price of the target'",
                'value': 'round(findings.target_list_price, 6)',
                'unit': 'findings.price_unit',
            }) }}
    end
    || ']'
{%- endmacro %}
