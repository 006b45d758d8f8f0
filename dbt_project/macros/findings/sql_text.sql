{#- A text as an SQL literal, without space around it. -#}
{% macro sql_text(text) -%}
    {{ sql_text_exact(text | string | trim) }}
{%- endmacro %}

{#- A text as an SQL literal. -#}
{% macro sql_text_exact(text) -%}
    '{{ text | replace("'", "''") }}'
{%- endmacro %}
