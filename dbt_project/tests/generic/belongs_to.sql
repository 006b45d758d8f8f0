{#- Rows whose key, where it is known, is not in the other relation. -#}
{% test belongs_to(model, to, columns) %}

select distinct {{ columns | join(', ') }}
from {{ model }}
where {{ columns[-1] }} is not null
except
select {{ columns | join(', ') }}
from {{ to }}

{% endtest %}
