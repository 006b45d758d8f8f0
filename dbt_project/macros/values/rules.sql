{#-
    What each rule's `meta` says, by rule; empty until dbt has read all models.

    Not for the rules themselves: their unit tests see no other models.
-#}
{% macro rules() -%}
    {%- set found = {} -%}
    {%- if execute -%}
        {%- for rule_id in rule_ids() -%}
            {%- set node = graph.nodes['model.cloudprune.int_findings__' ~ rule_id] -%}
            {%- do found.update({rule_id: node.config.meta.rule}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}
