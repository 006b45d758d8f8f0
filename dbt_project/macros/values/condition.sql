{#-
    A figure that decides, and what it is held against: at once the condition and the evidence for
    it, so that a finding shows exactly the figures that made it one.

    Args:
        name: What the figure is, with underscores; also its placeholder in the rule's sentence.
        value: SQL of the figure.
        comparison: `<`, `<=`, `>`, `>=` or `=`.
        threshold: The threshold's name.
        unit: Unit of both.
        metrics: Names given to the metrics that the figure comes from; they must cover the window.
        statistic: Statistic of the metric.
        is_covered: Whether days without data make the figure unknown.
        is_optional: Whether the condition falls away where the figure is unknown.
-#}
{% macro condition(
    name, value, comparison, threshold, unit, metrics=[], statistic='', is_covered=true,
    is_optional=false
) -%}
    {{ return({
        'name': name,
        'value': value,
        'comparison': comparison,
        'threshold': threshold,
        'unit': unit,
        'metrics': metrics,
        'statistic': statistic,
        'is_covered': is_covered,
        'is_optional': is_optional,
    }) }}
{%- endmacro %}
