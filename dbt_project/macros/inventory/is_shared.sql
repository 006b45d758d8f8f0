{#-
    Whether an EBS volume may serve several instances: what is known of one of them, the only one
    that a snapshot names, says nothing of the volume. Snapshots that do not tell it count as no.
-#}
{% macro is_shared(volumes) -%}
    (
        coalesce({{ volumes }}.is_multi_attach_enabled, false)
        or coalesce({{ volumes }}.attachment_count, 0) > 1
    )
{%- endmacro %}
