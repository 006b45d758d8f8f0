{#- The names of all rules' thresholds, each once, in order. -#}
{% macro threshold_names() -%}
    {%- set names = [] -%}
    {%- for rule in rules().values() -%}
        {%- for name in rule.thresholds if name not in names -%}
            {%- do names.append(name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names | sort) }}
{%- endmacro %}
