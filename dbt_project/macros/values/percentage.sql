{#-
    The condition that a figure is at most so many percent of another.

    Args:
        name: What the percentage is, with underscores; `_percent` is added.
        part: SQL of the figure.
        whole: SQL of the other.
        threshold: The threshold's name.
        metrics: Names given to the metrics that the figure comes from; their maximum decides.
-#}
{% macro percentage(name, part, whole, threshold, metrics=[]) -%}
    {{ return(condition(
        name ~ '_percent', '100 * ' ~ part ~ ' / ' ~ whole, '<=', threshold, '%', metrics,
        'maximum' if metrics else ''
    )) }}
{%- endmacro %}
