{#- Where the provider's console shows a resource; null where there is no page for one. -#}
{% macro console_url() -%}
    case
        when findings.provider = 'azure' then 'https://portal.azure.com/#resource' || findings.resource_id || '/overview'
        when findings.resource_type = 'aws_ec2_instances' then {{ ec2_console('InstanceDetails:instanceId=') }}
        when findings.resource_type = 'aws_ebs_volumes' then {{ ec2_console('VolumeDetails:volumeId=') }}
        when findings.resource_type = 'aws_ebs_snapshots' then {{ ec2_console('SnapshotDetails:snapshotId=') }}
        when findings.resource_type = 'aws_amis' then {{ ec2_console('ImageDetails:imageId=') }}
        when findings.resource_type = 'aws_elastic_ips'
            then {{ ec2_console('ElasticIpDetails:AllocationId=') }}
        when findings.resource_type in ('aws_load_balancers', 'aws_classic_load_balancers')
            then {{ ec2_console('LoadBalancer:loadBalancerArn=') }}
        when findings.resource_type = 'aws_nat_gateways'
            then
                'https://' || findings.region_id || '.console.aws.amazon.com/vpcconsole/home?region='
                || findings.region_id || '#NatGatewayDetails:natGatewayId=' || findings.resource_id
    end
{%- endmacro %}

{#- A page of the EC2 console about a resource. -#}
{% macro ec2_console(page) -%}
    'https://' || findings.region_id || '.console.aws.amazon.com/ec2/home?region=' || findings.region_id
    || '#{{ page }}' || findings.resource_id
{%- endmacro %}
