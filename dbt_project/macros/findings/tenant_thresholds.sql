{#- The thresholds of a rule in force for a tenant, as the text of a JSON object. -#}
{% macro tenant_thresholds(defaults) -%}
    {%- set entries = {} -%}
    {%- for name in defaults -%}
        {%- do entries.update({name: 'thresholds.' ~ name}) -%}
    {%- endfor -%}
    {{ x_json_object(entries) }}
{%- endmacro %}
