"""Azure: resources through Resource Graph, utilization through Azure Monitor's batch call."""
