{#- Whether no commitment covers a row of costs: only such cost ends with the resource. -#}
{% macro is_uncovered(costs) -%}
    {{ costs }}.commitment_discount_status is null
    and coalesce({{ costs }}.pricing_category, '') <> 'Committed'
{%- endmacro %}
