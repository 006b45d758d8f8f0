{#-
    Whether a table was ever listed whole in the account and region of a row: only then does what
    is not in it not exist.

    Args:
        table_name: The table.
        since: Instant after whose day the list must be from, where an older one would miss what
            came with the row; none if any list will do.
        resources: CTE of the rows.
-#}
{% macro is_listed(table_name, since=none, resources='candidates') -%}
    exists (
        select 1
        from {{ ref('int_scan_scopes__latest') }} as scopes
        where
            scopes.tenant_id = {{ resources }}.tenant_id
            and scopes.connection_id = {{ resources }}.connection_id
            and scopes.sub_account_id = {{ resources }}.sub_account_id
            and scopes.region_id in ('*', {{ resources }}.region_id)
            and scopes.table_name = '{{ table_name }}'
            {%- if since %}
            and scopes.snapshot_date > cast({{ since }} as date)
            {%- endif %}
    )
{%- endmacro %}
