{{ idle_machines('azure_vm_idle') }}
