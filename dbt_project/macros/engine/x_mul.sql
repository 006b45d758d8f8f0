{#-
    A product of an amount and a factor, both narrowed first so that no engine drops scale; null
    when either does not fit (amount below 10^12, factor below 10^6).
-#}
{% macro x_mul(amount, factor) -%}
    try_cast(
        try_cast({{ amount }} as decimal(22, 10)) * try_cast({{ factor }} as decimal(14, 8))
        as decimal(38, 20)
    )
{%- endmacro %}
