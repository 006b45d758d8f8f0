{#- Lets a generic test say `where: __unverified__`: the partitions that no build has tested yet. -#}
{% macro get_where_subquery(relation) -%}
    {%- set condition = config.get('where', '') -%}
    {%- if not condition -%}
        {{ return(relation) }}
    {%- endif -%}
    {%- if condition == '__unverified__' -%}
        {%- set condition = in_unverified_partitions() -%}
    {%- endif -%}
    {{ return('(select * from ' ~ relation ~ ' where ' ~ condition ~ ') as tested') }}
{%- endmacro %}
