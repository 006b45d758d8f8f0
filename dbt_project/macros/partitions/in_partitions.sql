{#-
    A condition that holds in the given partitions, of (tenant, connection, period), alone.

    The plain lists before the exact condition let the engine leave whole files and row groups
    unread. Names are safe in quotes: they are path segments of a-z, 0-9, `_` and `-`.
-#}
{% macro in_partitions(partitions) -%}
    {%- if not partitions -%}
        false
    {%- else -%}
        {%- for name in ['tenant_id', 'connection_id', 'billing_period'] -%}
            {{ name }} in ('{{ partitions | map(attribute=loop.index0) | unique | join("', '") }}') and{{ ' ' }}
        {%- endfor -%}
        tenant_id || '/' || connection_id || '/' || billing_period in (
            {%- for partition in partitions -%}
                '{{ partition | join("/") }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        )
    {%- endif -%}
{%- endmacro %}
