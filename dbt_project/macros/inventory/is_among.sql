{#-
    Whether a value of a row stands in a column of a relation, in the row's tenant.

    Args:
        relation: Where to look, `ref(...)` or a CTE.
        column: The column there.
        value: The value, over the row.
        resources: CTE of the row.
-#}
{% macro is_among(relation, column, value, resources='candidates') -%}
    exists (
        select 1
        from {{ relation }} as others
        where
            others.tenant_id = {{ resources }}.tenant_id
            and others.{{ column }} = {{ value }}
    )
{%- endmacro %}
