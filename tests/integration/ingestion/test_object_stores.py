"""Exports and lake on S3 and on Azure Blob, over real connections to real servers."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import boto3
import pytest
from azure.storage.blob import BlobServiceClient

from ingestion.costs.report import Kind
from ingestion.errors import SourceError
from ingestion.storage import Storage
from pipeline.build import build_warehouse
from pipeline.ingest import ingest_costs
from pipeline.publish import publish_marts
from pipeline.settings import Settings
from serving.session import open_session
from tests.conftest import PARTNER, TENANT, Ingest, Lake
from tests.integration.ingestion import made
from tests.servers import AZURE_ACCOUNT, AZURE_KEY, azure_blob, s3

__all__ = ["azure_blob", "s3"]
pytestmark = pytest.mark.integration


def environment(monkeypatch: pytest.MonkeyPatch, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def cur_delivery(folder: Path, days: int) -> Path:
    """Write a delivery of as many lines as days."""
    made.write(folder / "cur/20260501-20260601/cur-1.csv.gz", made.CUR, *([{}] * days))
    made.cur_manifest(
        folder / "cur/20260501-20260601/cur-Manifest.json",
        ["cur/20260501-20260601/cur-1.csv.gz"],
        assembly=f"assembly-{days}",
    )
    return folder


@pytest.fixture
def bucket(s3: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    environment(monkeypatch, s3)
    name = f"bills-{abs(hash(tmp_path))}"
    boto3.Session().client("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture
def container(
    azure_blob: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> str:
    environment(monkeypatch, azure_blob)
    name = f"bills-{abs(hash(tmp_path))}"
    blob_client(azure_blob).create_container(name)
    return name


def blob_client(values: Mapping[str, str]) -> BlobServiceClient:
    return BlobServiceClient(
        values["AZURE_STORAGE_ENDPOINT"],
        credential={"account_name": AZURE_ACCOUNT, "account_key": AZURE_KEY},
        api_version="2025-01-05",
    )


def put_s3(bucket: str, folder: Path) -> None:
    client = boto3.Session().client("s3")
    for path in folder.rglob("*"):
        if path.is_file():
            key = f"exports/{path.relative_to(folder).as_posix()}"
            client.upload_file(str(path), bucket, key)


def put_azure(values: Mapping[str, str], container: str, folder: Path) -> None:
    client = blob_client(values).get_container_client(container)
    for path in folder.rglob("*"):
        if path.is_file():
            key = f"exports/{path.relative_to(folder).as_posix()}"
            client.upload_blob(key, path.read_bytes(), overwrite=True)


def test_exports_on_s3_land_and_an_unchanged_delivery_is_skipped(
    bucket: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    put_s3(bucket, cur_delivery(exports, 2))

    first = ingest(f"s3://{bucket}/exports")
    again = ingest(f"s3://{bucket}/exports")
    put_s3(bucket, cur_delivery(exports, 3))
    newer = ingest(f"s3://{bucket}/exports")

    assert [len(first.of(Kind.LANDED)), len(again.of(Kind.UNCHANGED))] == [1, 1]
    assert len(newer.of(Kind.LANDED)) == 1
    assert lake.costs()[0] == Decimal("2.304") * 3


def test_exports_on_azure_blob_land_and_an_unchanged_delivery_is_skipped(
    azure_blob: Mapping[str, str], container: str, exports: Path, ingest: Ingest, lake: Lake
) -> None:
    made.write(exports / "run/part_0_0001.csv.gz", made.EA, {}, {})
    made.azure_manifest(exports / "run/manifest.json", ["run/part_0_0001.csv.gz"], rows=2)
    put_azure(azure_blob, container, exports)

    first = ingest(f"az://{container}/exports")
    again = ingest(f"az://{container}/exports")

    assert [len(first.of(Kind.LANDED)), len(again.of(Kind.UNCHANGED))] == [1, 1]
    assert lake.costs()[0] == Decimal("4.8")


@pytest.mark.parametrize("store", ["s3", "az"])
def test_the_lake_itself_lies_on_an_object_store(
    store: str, request: pytest.FixtureRequest, exports: Path, tmp_path: Path
) -> None:
    name = request.getfixturevalue({"s3": "bucket", "az": "container"}[store])
    settings = Settings(home=tmp_path / "state", lake_url=f"{store}://{name}/lake")
    cur_delivery(exports, 2)

    report = ingest_costs(settings, PARTNER, TENANT, str(exports), makes_tenant=True)
    again = ingest_costs(settings, PARTNER, TENANT, str(exports))
    build_warehouse(settings, PARTNER)
    publish_marts(settings, PARTNER)

    assert report.exit_status == 0
    assert len(again.of(Kind.UNCHANGED)) == 1
    with open_session(settings.serving, settings.keys, PARTNER) as session:
        billed = session.query("select sum(billed_cost) as billed from fct_cost_daily")
    assert billed["billed"][0].as_py() == Decimal("4.608")
    assert not (tmp_path / "state" / "lake").exists()


@pytest.mark.parametrize("store", ["local", "s3", "az"])
def test_a_prefix_is_deleted_whole_and_its_neighbours_stay(
    store: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    root = str(tmp_path / "lake")
    if store != "local":
        name = request.getfixturevalue({"s3": "bucket", "az": "container"}[store])
        root = f"{store}://{name}/lake"
    storage = Storage(root)
    kept = ["partner_id=ab/x.parquet", "partner_id=b/partner_id=a/x.parquet"]
    for path in (*kept, "partner_id=a/x.parquet", "partner_id=a/deep/er/y.parquet"):
        written = tmp_path / "written"
        written.write_bytes(b"content")
        storage.commit(written, path)

    assert storage.delete_prefix("partner_id=a") == 2
    assert storage.delete_prefix("partner_id=a") == 0
    assert [found.path for found in storage.list_files()] == kept
    with pytest.raises(ValueError, match="segment"):
        storage.delete_prefix("/")


def test_hidden_and_half_written_files_go_with_a_prefix(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / ".half").write_bytes(b"content")

    assert Storage(str(tmp_path)).delete_prefix("a") == 1
    assert not (tmp_path / "a").exists()


def test_a_bucket_that_does_not_exist_is_named(bucket: str, ingest: Ingest) -> None:
    with pytest.raises(SourceError, match=f"{bucket}-missing"):
        ingest(f"s3://{bucket}-missing/exports")


def test_a_wrong_key_is_told_without_the_key(
    bucket: str, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong-and-secret")

    with pytest.raises(SourceError) as caught:
        ingest(f"s3://{bucket}/exports")

    assert "wrong-and-secret" not in str(caught.value)
    assert bucket in str(caught.value)


@pytest.mark.parametrize("address", ["ftp://host/exports", "s3:///exports", "gs://bucket"])
def test_an_address_of_another_kind_is_refused(address: str, ingest: Ingest) -> None:
    with pytest.raises(SourceError, match="s3://bucket/prefix"):
        ingest(address)
