{#-
    A quotient with a fixed scale, null when dividing by zero. It passes through DOUBLE, about 15
    digits: for ratios, means and text, never for an amount that must add up.
-#}
{% macro x_div(dividend, divisor, scale=10) -%}
    case
        when {{ divisor }} = 0 then null
        else
            try_cast(
                round(cast({{ dividend }} as double) / cast({{ divisor }} as double), {{ scale }})
                as decimal(28, {{ scale }})
            )
    end
{%- endmacro %}
