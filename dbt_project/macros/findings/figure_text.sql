{#- A figure for people: whole, or with one decimal. -#}
{% macro figure_text(value) -%}
    case
        when round({{ value }}, 1) = floor({{ value }})
            then cast(cast(floor({{ value }}) as bigint) as varchar)
        else cast(round(cast({{ value }} as double), 1) as varchar)
    end
{%- endmacro %}
