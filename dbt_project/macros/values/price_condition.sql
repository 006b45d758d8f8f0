{#- What the target would cost of what is, by the list prices of both. -#}
{% macro price_condition() -%}
    {{ return(percentage(
        'price_ratio', 'target_list_price', 'current_list_price', 'max_price_ratio_percent'
    )) }}
{%- endmacro %}
