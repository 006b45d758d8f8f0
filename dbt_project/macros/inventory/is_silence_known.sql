{#-
    Whether a resource existed on all days of the window, and a scan that saw it asked for all but
    the last of them: only then is a day without data points a day without traffic. Days after the
    last list say nothing: it may be gone.
-#}
{% macro is_silence_known(candidates) -%}
    cast({{ candidates }}.created_at as date)
    <= {{ x_date_add(candidates ~ '.utilization_end_date', '-' ~ candidates ~ '.window_days') }}
    and {{ candidates }}.utilization_end_date <= {{ candidates }}.observed_date
{%- endmacro %}
