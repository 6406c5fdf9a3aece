"""Channel "log": incidents in the log of the process that runs the workers."""

import logging

from core.acquire.guard import ConnectionGuard
from core.alerts.wording import alert_text, subject_of
from core.model.incident import Alert
from core.settings import Settings
from core.text.redaction import redact

LOG = logging.getLogger(__name__)


class LogChannel:
    """The port AlertChannel."""

    name = "log"

    def __init__(self, settings: Settings, guard: ConnectionGuard) -> None:
        """Made as all channels are; needs nothing."""

    def send(self, alert: Alert) -> None:
        said = redact(f"{subject_of(alert)}: {alert_text(alert)}".replace("\n", " · "))
        (LOG.info if alert.kind == "over" else LOG.warning)("%s", said)
