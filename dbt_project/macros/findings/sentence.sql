{#-
    A rule's sentence as SQL: `{resource}` is the name people know, `{current}` and `{target}` what
    is and what should be, any other placeholder a figure of the conditions.
-#}
{% macro sentence(template) -%}
    {%- set known = {
        'resource': "coalesce(nullif(resource_name, ''), " ~ x_last_segment('resource_id') ~ ')',
        'current': 'current_value',
        'target': 'target_value',
    } -%}
    {%- set parts = [] -%}
    {%- for part in template.split('{') -%}
        {%- if loop.first -%}
            {%- do parts.append(sql_text_exact(part)) -%}
        {%- else -%}
            {%- set name = part.split('}')[0] -%}
            {%- set value = known.get(name, x_json_get('figures', name)) -%}
            {%- do parts.append('coalesce(' ~ value ~ ", 'unknown')") -%}
            {%- do parts.append(sql_text_exact(part.split('}')[1])) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ parts | join(' || ') }}
{%- endmacro %}
