{#-
    The files of a landed table of this run's partner, as a pattern inside an SQL literal: the one
    place in which models tell partners apart.

    Args:
        landed: The source.
        partitions: Its partition columns below the tenant, in order.
-#}
{% macro lake_files(landed, partitions) -%}
    {%- set files -%}
        {{ var('lake') }}/partner_id={{ var('partner_id') }}/tenant_id=*/{{ landed.identifier }}
        {%- for partition in partitions %}/{{ partition }}=*{% endfor -%}
        /data.parquet
    {%- endset -%}
    {{ return(files | replace("'", "''")) }}
{%- endmacro %}
