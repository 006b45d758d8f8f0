{#-
    Whether snapshots of the disk stay that the rule does not find, or that a tag exempts: blocks
    that they share with a deleted one are billed to them then (AWS, How incremental snapshots
    work). Over the rows of a rule that takes `exemptions`.
-#}
{% macro is_chain_kept() -%}
    coalesce(
        sum(case when chain_snapshot_count is not null and not is_exempt then 1 else 0 end) over (
            partition by tenant_id, chain_id
        ) < chain_snapshot_count,
        false
    )
{%- endmacro %}
