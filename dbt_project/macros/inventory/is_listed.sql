{#-
    Whether a table was ever listed whole in the account and region of a row: only then does what
    is not in it not exist.
-#}
{% macro is_listed(scopes, resources, table_name) -%}
    exists (
        select 1
        from {{ scopes }}
        where
            {{ scopes }}.tenant_id = {{ resources }}.tenant_id
            and {{ scopes }}.connection_id = {{ resources }}.connection_id
            and {{ scopes }}.sub_account_id = {{ resources }}.sub_account_id
            and {{ scopes }}.region_id in ('*', {{ resources }}.region_id)
            and {{ scopes }}.table_name = '{{ table_name }}'
    )
{%- endmacro %}
