{#-
    The chain of an EBS snapshot: those that may share blocks with it. Archived ones hold all their
    blocks themselves. Copies do not name their disk: those of one account and region are one chain.
-#}
{% macro ebs_chain() -%}
    case
        when storage_tier = 'standard'
            then
                case
                    when {{ is_copied_snapshot() }}
                        then 'copies of ' || sub_account_id || ' in ' || region_id
                    else volume_id
                end
    end
{%- endmacro %}

{#- Whether an EBS snapshot is a copy of another one. -#}
{% macro is_copied_snapshot() -%}
    (volume_id = 'vol-ffffffff' or coalesce(description, '') like '[Copied snap-%')
{%- endmacro %}
