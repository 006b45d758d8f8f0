{#- Rows in which a column does not hold the text of JSON. -#}
{% test json_text(model, columns) %}

select *
from {{ model }}
where
    {% for column in columns %}
        try_cast({{ column }} as json) is null {{ 'or' if not loop.last }}
    {% endfor %}

{% endtest %}
