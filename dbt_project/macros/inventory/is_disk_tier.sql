{#- Whether a tier is the one that a disk of this size is billed as: the smallest that holds it. -#}
{% macro is_disk_tier(tiers, size_gib) -%}
    {{ tiers }}.min_size_gib < {{ size_gib }} and {{ size_gib }} <= {{ tiers }}.size_gib
{%- endmacro %}
