with

rules as (

    {% for rule_id, rule in rules().items() %}
        select
            '{{ rule_id }}' as rule_id,
            {% for column, word in {
                'provider': 'provider',
                'service_name': 'service',
                'category': 'category',
                'action': 'action',
                'title': 'title',
                'description': 'description',
                'recommendation': 'recommendation',
                'severity': 'severity',
                'effort': 'effort',
                'risk': 'risk',
                'source': 'source',
            }.items() %}
                {{ sql_text(rule[word]) }} as {{ column }},
            {% endfor %}
            {{ sql_text(tojson(rule.thresholds)) }} as thresholds,
            {{ sql_text(rule.false_positives) }} as false_positives
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from rules
