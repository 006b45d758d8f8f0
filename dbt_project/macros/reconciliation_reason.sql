{#- What a reconciliation's status means, for people; over the columns of `fct_reconciliation`. -#}
{% macro reconciliation_reason() -%}
    case
        when status = 'reconciled' then 'Equal to the provider''s total.'
        when status = 'explained' and gap = 0
            then 'Equal as far as costs could be read; Data health lists what has none that could: '
            || cast(rejected_row_count as varchar) || ' rejected.'
        when is_between_deliveries
            then 'The month runs on, and its actual and amortized export were delivered one after '
            || 'the other: what both hold of the last days differs by this much. Their next '
            || 'deliveries will agree.'
            || case
                when rejected_row_count > 0
                    then ' Data health lists more: '
                    || cast(rejected_row_count as varchar) || ' rejected.'
                else ''
            end
        when status = 'explained'
            then 'The gap is the cost of what Data health lists: '
            || cast(rejected_row_count as varchar) || ' rejected.'
        when status = 'no_total' and cost_type = 'effective'
            then 'The amortized export of this month has not landed: its total is unknown.'
        when status = 'no_total' and provider = 'azure'
            then 'The actual export of this month has not landed: its total is unknown.'
        when status = 'no_total' then 'The provider states no total for this currency.'
        when rejected_row_count > 0
            then 'The cost of what was rejected (' || cast(rejected_row_count as varchar)
            || ') does not explain the gap: land the export of this month again.'
        when gap < 0
            then 'Lines of the provider are missing here: land the export of this month again.'
        else 'More landed than the provider states: land the export of this month again.'
    end
{%- endmacro %}
