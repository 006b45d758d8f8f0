{#- Whether a landed row's tenant may be processed: those that are restricted are left out. -#}
{% macro is_tenant_kept() -%}
    {%- if var('left_out_tenants') -%}
        tenant_id not in ({% for tenant in var('left_out_tenants') %}'{{ tenant }}'{{ ", " if not loop.last }}{% endfor %})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
