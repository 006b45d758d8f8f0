{%- set conditions = [
    condition('age_days', 'age_days', '>=', 'min_age_days', 'days'),
] -%}

{% call findings(
    'azure_snapshot_old', 'azure_snapshots', conditions, exemptions=true,
    is_cost_shared=is_chain_kept()
) -%}
    select
        candidates.*,
        case when is_incremental then 'medium' else 'high' end as confidence,
        'snapshot of ' || size_gib || ' GiB' as current_value

    from candidates
{%- endcall %}
