{{ superseded_machines('azure_vm_superseded_series') }}
