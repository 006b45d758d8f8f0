{#-
    Whether snapshots of the disk stay that the rule does not find: blocks that they share with a
    deleted one are billed to them then (AWS, How incremental snapshots work).

    Args:
        source_id: SQL of the disk, over `candidates`.
-#}
{% macro is_chain_kept(source_id) -%}
    coalesce(
        sum(
            case
                when
                    candidates.age_days >= candidates.min_age_days
                    and candidates.chain_snapshot_count is not null
                    then 1
                else 0
            end
        ) over (
            partition by
                candidates.tenant_id,
                {{ source_id }}
        ) < candidates.chain_snapshot_count,
        false
    )
{%- endmacro %}
