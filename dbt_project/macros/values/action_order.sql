{#- The order in which findings of one resource may claim its cost. -#}
{% macro action_order() -%}
    {{ return(['delete', 'stop', 'rightsize', 'modernize', 'commit']) }}
{%- endmacro %}
