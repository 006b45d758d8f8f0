{#-
    Whether the utilization of a row's account and region was read up to the day of its snapshot,
    or the day before: what was measured weeks ago says nothing of what the snapshot shows.
-#}
{% macro is_measured_lately(resources) -%}
    {{ resources }}.utilization_end_date >= {{ x_date_add(resources ~ '.observed_date', -2) }}
{%- endmacro %}
