{#-
    Whether a resource existed on all days of the window and was asked for on each: only then is a
    day without data points a day without traffic. Where listing it is refused, scans ask for what
    the last 35 snapshots knew (`ingestion.inventory.history`).
-#}
{% macro is_silence_known(candidates) -%}
    cast({{ candidates }}.created_at as date)
    <= {{ x_date_add(candidates ~ '.utilization_end_date', '-' ~ candidates ~ '.window_days') }}
    and {{ candidates }}.utilization_end_date < {{ x_date_add(candidates ~ '.observed_date', 35) }}
{%- endmacro %}
