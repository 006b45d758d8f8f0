{#-
    Who manages a resource and would make it again or miss it, read from tags, name and group; null
    where nobody does. Nobody is told to delete by hand what an Auto Scaling group, a cluster, a
    backup plan or a replication owns.
-#}
{% macro managed_by(description=none) -%}
    case
        when tags like '%"aws:autoscaling:groupName"%' then 'an Auto Scaling group'
        when
            tags like '%"kubernetes.io/created-for/pvc/%'
            or tags like '%"kubernetes.io/service-name"%'
            or tags like '%"kubernetes.io/cluster/%'
            or tags like '%"elbv2.k8s.aws/cluster"%'
            or tags like '%"ebs.csi.aws.com/cluster"%'
            or tags like '%"karpenter.sh/%'
            then 'a Kubernetes cluster'
        when
            tags like '%"kubernetes.io-created-for-pvc%'
            or tags like '%"k8s-azure-service"%'
            or tags like '%"aks-managed-%'
            or lower(resource_id) like '%/resourcegroups/mc!_%' escape '!'
            then 'an AKS cluster'
        when
            tags like '%"aws:backup:source-resource"%'
            {% if description %}
                or {{ description }} like 'This snapshot is created by the AWS Backup service%'
            {% endif %}
            then 'AWS Backup'
        when
            tags like '%"aws:dlm:%'
            or tags like '%"dlm:managed"%'
            {% if description %}
                or {{ description }} like 'Created for policy: policy-%'
            {% endif %}
            then 'a snapshot lifecycle policy'
        when tags like '%"AWSElasticDisasterRecoveryManaged"%' then 'AWS Elastic Disaster Recovery'
        when
            tags like '%"AWSApplicationMigrationServiceManaged"%'
            then 'AWS Application Migration Service'
        when tags like '%"RSVaultBackup"%' then 'Azure Backup'
        when
            lower(resource_name) like '%-asrreplica'
            or lower(resource_name) like 'ms-asr-%'
            or lower(resource_name) like 'asrseeddisk-%'
            then 'Azure Site Recovery'
        when
            {{ x_json_get('tags', 'Vendor') }} = 'Databricks'
            or lower(resource_id) like '%/resourcegroups/databricks-%'
            then 'Databricks'
    end
{%- endmacro %}
