"""What a customer runs in its own cloud to let itself be read: templates and scripts, as text.

Nothing here reaches a cloud or a database; what is granted comes from `grants.json`.
"""
