{#-
    List price a month of an EBS volume in us-east-1, USD, with the operations and throughput that
    go beyond what its type includes.
-#}
{% macro ebs_list_price(prices, size_gib, iops, mibps) -%}
    cast(
        {{ size_gib }} * {{ prices }}.usd_gib_month
        + greatest(0, {{ iops }} - {{ prices }}.included_iops) * {{ prices }}.usd_iops_month
        + greatest(0, {{ mibps }} - {{ prices }}.included_mibps) * {{ prices }}.usd_mibps_month
        as double
    )
{%- endmacro %}
