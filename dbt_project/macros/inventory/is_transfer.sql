{#- Whether a billing line is for traffic of a resource, and not for the resource being there. -#}
{% macro is_transfer(costs) -%}
    coalesce({{ costs }}.usage_type, '') like '%DataTransfer%'
    or coalesce({{ costs }}.usage_type, '') like '%-Bytes'
    or coalesce({{ costs }}.usage_type, '') like 'Rtn Preference:%'
    or coalesce({{ costs }}.charge_description, '') like 'Bandwidth%'
{%- endmacro %}
