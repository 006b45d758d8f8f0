{{ idle_machines('aws_ec2_instance_idle') }}
