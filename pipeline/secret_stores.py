"""Chooses where the secrets of connections are kept, as the settings say."""

from control.secrets import FileSecretStore, SecretStore
from pipeline.secrets_manager import AwsSecretStore
from pipeline.settings import Settings


def secret_store(settings: Settings) -> SecretStore:
    """Return the store of this installation: AWS Secrets Manager, or encrypted files."""
    if settings.secrets_store == "aws":
        return AwsSecretStore(settings.environment)
    return handed_over(settings)


def handed_over(settings: Settings) -> FileSecretStore:
    """Return where a page leaves a secret for the worker, which moves it into the store."""
    return FileSecretStore(settings.secrets, settings.keys)
