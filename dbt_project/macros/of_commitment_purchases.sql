{#-
    An amount of lines that buy a commitment, else null. List and contracted cost stand on these
    lines and again on the usage that they cover: whoever adds them up leaves one out (FOCUS 1.2,
    Contracted Cost and List Cost).
-#}
{% macro of_commitment_purchases(amount) -%}
    case when charge_category = 'Purchase' and commitment_discount_id is not null then {{ amount }} end
{%- endmacro %}
