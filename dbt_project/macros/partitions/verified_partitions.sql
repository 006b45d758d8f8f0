{#-
    The table of partition versions that a successful build has processed and tested, or none.

    pipeline.build writes it after a whole build in which every test passed.
-#}
{% macro verified_partitions() -%}
    {{ return(adapter.get_relation(target.database, 'state', 'verified_partitions')) }}
{%- endmacro %}
