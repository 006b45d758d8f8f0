"""Where this installation keeps its state; read from `CLOUDPRUNE_*` variables."""

import re
from pathlib import Path
from typing import Literal

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_ISSUER = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?(/[A-Za-z0-9._/-]*)?")


class Settings(BaseSettings):
    """Everything lies under one folder, `CLOUDPRUNE_HOME`; each part can be moved on its own.

    Attributes:
        home: Root of all state.
        lake_url: The lake; a folder, or `s3://bucket/prefix`, or `az://container/prefix`.
        control_url: SQLAlchemy address of the control database.
        backup_url: Where backups go; a folder, or an address as that of the lake.
        work_memory: Memory limit of one ingesting or building DuckDB, in its own notation.
        work_threads: Threads of one ingesting or building DuckDB.
        scan_parallel: Calls in flight per cloud account.
        scan_attempts: Tries of one call to a cloud that throttles or fails.
        aws_principal: ARN of the identity that scans run as; the roles of customers trust it.
        aws_template_url: Folder in S3, over HTTPS, that holds our templates for quick-create links.
        azure_issuer: Address of the issuer of our own tokens, for applications that sign in
            without a secret; what `cloudprune connect issuer` writes can be read there.
        environment: Name of this installation in paths of secrets.
        secrets_store: `file`, or `aws` for AWS Secrets Manager.
        azure_resource_manager: Address of Azure Resource Manager.
        azure_metrics_endpoint: Address of Azure Monitor's metrics, with `{region}` in it.
    """

    model_config = SettingsConfigDict(env_prefix="CLOUDPRUNE_", frozen=True)

    home: Path = Path("var")
    lake_url: str = ""
    control_url: str = ""
    backup_url: str = ""
    work_memory: str = "2GB"
    work_threads: int = 2
    scan_parallel: int = 8
    scan_attempts: int = 10
    aws_principal: str = ""
    aws_template_url: str = ""
    azure_issuer: str = ""
    environment: str = "production"
    secrets_store: Literal["file", "aws"] = "file"
    azure_resource_manager: str = "https://management.azure.com"
    azure_metrics_endpoint: str = "https://{region}.metrics.monitor.azure.com"

    @field_validator("azure_issuer")
    @classmethod
    def _checked_issuer(cls, value: str) -> str:
        """Refuse what Azure would not read, or what is more than a word in a customer's script."""
        if value and not _ISSUER.fullmatch(value):
            raise ValueError(
                "it has to be an address that begins with https:// and holds letters, digits and "
                "./_- alone, such as https://identity.example.com/cloudprune"
            )
        return value

    @property
    def lake(self) -> str:
        """Root of the lake."""
        return self.lake_url or str((self.home / "lake").resolve())

    @property
    def control(self) -> str:
        """Address of the control database."""
        return self.control_url or f"sqlite:///{(self.home / 'control.db').resolve()}"

    @property
    def serving(self) -> Path:
        """Folder of the serving files, one folder per partner below it."""
        return self.home.resolve() / "serving"

    @property
    def keys(self) -> Path:
        """Folder of the partners' keys."""
        return self.home.resolve() / "keys"

    @property
    def secrets(self) -> Path:
        """Folder of the connections' encrypted secrets."""
        return self.home.resolve() / "secrets"

    @property
    def backups(self) -> str:
        """Root of the backups; what was erased is remembered there, too."""
        return self.backup_url or str(self.home.resolve() / "backups")

    @property
    def archives(self) -> Path:
        """Folder of the sealed archives that were asked for, one folder per partner below it."""
        return self.home.resolve() / "archives"

    @property
    def logs(self) -> Path:
        """Folder of the logs."""
        return self.home.resolve() / "logs"

    def work(self, partner_id: str) -> Path:
        """Private folder of one partner's warehouse and temporary files."""
        return self.home.resolve() / "work" / partner_id
