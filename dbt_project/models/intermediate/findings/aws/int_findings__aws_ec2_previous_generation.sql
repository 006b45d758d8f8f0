{{ superseded_machines('aws_ec2_previous_generation') }}
