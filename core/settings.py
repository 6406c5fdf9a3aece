"""The one reader of the environment: `SDP_*` variables and `.env` become one frozen Settings."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.disk.data_folder import DataFolder
from core.errors import BadSetting
from core.text.redaction import has_password, keep_secret


class Settings(BaseSettings):
    """All settings with their defaults: a fresh machine, offline, without a key.

    Sizes are in bytes and times in seconds unless a name says otherwise.
    """

    model_config = SettingsConfigDict(
        env_prefix="SDP_", env_file=".env", extra="ignore", frozen=True, allow_inf_nan=False
    )

    data_dir: Path = Field(Path("data"), description="Where raw pages, state and the lake live.")
    database_url: str = Field("", repr=False, description="Operational state; empty means SQLite in the data folder.")
    catalog_uri: str = Field("", repr=False, description="Iceberg catalogue; empty means SQLite in the data folder.")
    warehouse: str = Field("", description="Root of the Iceberg tables; empty means a folder in the data folder.")

    broker_url: str = Field(
        "",
        repr=False,
        description="Event backbone, such as nats://127.0.0.1:4222/sdp; empty means a file in the data folder.",
    )
    objects: Literal["folder", "broker"] = Field(
        "folder", description="Where raw bytes lie: a folder in the data folder, or the backbone's object store."
    )

    user_agent: str = Field(
        "SmartDataPipeline/0.1 (+https://github.com/smart-data-pipeline)", description="How we introduce ourselves."
    )
    allow_hosts: str = Field(
        "", description="Hosts (name or name:port, comma-separated) that may be private addresses."
    )
    request_timeout: float = Field(30.0, gt=0, description="Longest wait for one answer.")
    request_retries: int = Field(3, ge=0, description="Tries after the first, with growing pauses.")
    host_delay: float = Field(
        1.0, ge=0, description="Pause between two requests to one host; private hosts that are allowed wait less."
    )
    max_document_bytes: int = Field(20_000_000, gt=0, description="Largest document that is kept.")
    proved_share: float = Field(
        0.02,
        ge=0,
        le=1,
        description="Share of documents whose values are looked for in the raw bytes; unless 0, each run's first too.",
    )
    second_share: float = Field(
        1.0,
        ge=0,
        le=1,
        description="Share of documents that are read a second time in another way, where a field has one.",
    )
    max_run_documents: int = Field(
        500, gt=0, description="Most documents that one run fetches from other hosts; the next run goes on."
    )

    max_unpacked_bytes: int = Field(200_000_000, gt=0, description="Most bytes that a packed workbook may unpack to.")
    max_rows: int = Field(250_000, gt=0, description="Most rows of one sheet, CSV file or list that are read.")
    max_columns: int = Field(5_000, gt=0, description="Most columns of one sheet or CSV file that are read.")
    max_cells: int = Field(
        5_000_000, gt=0, description="Most cells of a table, or values of a JSON text, that are read."
    )
    max_elements: int = Field(500_000, gt=0, description="Most elements of one page or XML document that are read.")
    max_pages: int = Field(2_000, gt=0, description="Most pages of one PDF that are read.")
    read_seconds: float = Field(60.0, gt=0, description="Longest time that reading one PDF may take.")

    lease_seconds: float = Field(
        15.0, gt=0, description="How long a worker or scheduler owns what it claimed without a sign of life."
    )
    workers: int = Field(2, gt=0, description="Threads that do tasks in the process that runs the loop.")
    host_tasks: int = Field(2, ge=0, description="Tasks that may work on one host at a time; 0 sets no limit.")
    running_tasks: int = Field(0, ge=0, description="Tasks that may run at a time over all workers; 0 sets no limit.")
    task_attempts: int = Field(4, gt=0, description="Tries of one task before it waits for a person.")
    event_attempts: int = Field(5, gt=0, description="Deliveries of one event before it becomes a dead letter.")
    fix_attempts: int = Field(3, gt=0, description="Tries at repairing one source in any 24 hours.")
    keep_days: int = Field(30, gt=0, le=36_500, description="Days that done tasks and events that were read are kept.")
    stable_records: int = Field(30, gt=0, description="Records that a cluster has before a table is proposed of it.")
    stable_novelty: float = Field(
        0.01, ge=0, le=1, description="Share of what the last records of a stable cluster say that is in new fields."
    )
    stable_calm_records: int = Field(
        10, ge=0, description="Records since a field of a stable cluster last changed its type."
    )
    stable_calm_audits: int = Field(2, ge=0, description="Audits in a row that left a stable cluster as it is.")
    audit_seconds: float = Field(
        900.0,
        gt=0,
        description="Between two audits of the clusters, which also draw their map, in a process of its own.",
    )
    strikes: int = Field(3, gt=0, description="Failed runs in a row that quarantine a source.")
    scheduler: bool = Field(True, description="Whether the workbench runs the agent loop itself.")
    sample_portal_port: int = Field(
        8787, ge=0, le=65535, description="Loopback port of the sample portal; 0 switches it off."
    )
    serve_hosts: str = Field(
        "",
        description="Addresses (comma-separated) that the workbench is opened by from other machines; "
        "empty means from this machine only.",
    )
    alert_channels: str = Field(
        "log", description="Who tells of incidents (comma-separated): log, webhook, mail; empty means nobody."
    )
    alert_webhook_url: str = Field("", repr=False, description="Address that alerts are posted to, as JSON.")
    alert_mail_server: str = Field(
        "", repr=False, description="Mail server, such as smtp://user:password@mail.example.org:587, or smtps://…"
    )
    alert_mail_from: str = Field("", description="Sender of alerts by mail.")
    alert_mail_to: str = Field("", description="Receivers of alerts by mail, comma-separated.")
    workbench_url: str = Field(
        "http://127.0.0.1:8501", description="Where the workbench is opened: the links of alerts begin with it."
    )
    query_rows: int = Field(10_000, gt=0, description="Most rows one query returns.")
    query_seconds: float = Field(30.0, gt=0, description="Longest time one query may take.")
    query_memory_bytes: int = Field(
        1_000_000_000,
        ge=100_000_000,
        description="Memory one query may take; a quarter of it is the largest answer that is not written to a file.",
    )

    @cached_property
    def folder(self) -> DataFolder:
        """The data folder, wherever this process goes from here."""
        return DataFolder(self.data_dir.absolute())

    @cached_property
    def state_url(self) -> str:
        return self.database_url or f"sqlite:///{self.folder.state}"

    @cached_property
    def catalog_url(self) -> str:
        return self.catalog_uri or f"sqlite:///{self.folder.catalogue}"

    @cached_property
    def warehouse_url(self) -> str:
        return self.warehouse or f"file://{self.folder.lake}"

    @cached_property
    def sample_portal_url(self) -> str:
        """Where the sample portal is; "" where it is switched off."""
        return f"http://127.0.0.1:{self.sample_portal_port}" if self.sample_portal_port else ""

    @cached_property
    def allowed_hosts(self) -> frozenset[str]:
        """Host names, with or without a port, that the guard lets through although they are private.

        The sample portal is one of them wherever the settings let it run.
        """
        hosts = {host.strip().lower() for host in self.allow_hosts.split(",") if host.strip()}
        if self.sample_portal_port:
            hosts |= {f"127.0.0.1:{self.sample_portal_port}", f"localhost:{self.sample_portal_port}"}
        return frozenset(hosts)


def _addresses(settings: Settings) -> tuple[str, ...]:
    """Those that may hold a password or a key."""
    stores = (settings.database_url, settings.catalog_uri, settings.warehouse, settings.broker_url)
    return (*stores, settings.alert_webhook_url, settings.alert_mail_server)


def load_settings(**overrides: object) -> Settings:
    """Read the environment; keyword arguments win over it.

    Raises:
        BadSetting: a value does not fit; the sentence names the variable.
    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # pydantic validates what the caller passes
    except ValidationError as error:
        first = error.errors()[0]
        name = "SDP_" + "_".join(str(part) for part in first["loc"]).upper()
        raise BadSetting(f"{name} is not usable: {first['msg']}.", "Change it in the environment or in .env.") from None
    for address in _addresses(settings):
        keep_secret(address)
    if has_password(settings.warehouse):
        # it would stand in the metadata of every table
        raise BadSetting("SDP_WAREHOUSE holds a user name or password.", "Give it without; files need none.")
    return settings
