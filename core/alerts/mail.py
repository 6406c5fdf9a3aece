"""Channel "mail": an incident as a message by SMTP."""

import logging
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from core.acquire.guard import ConnectionGuard
from core.alerts.wording import alert_text, subject_of
from core.errors import BadSetting, HostUnreachable, PipelineError, RetryLater, WrongAnswer
from core.model.incident import Alert
from core.settings import Settings
from core.text.redaction import redact

LOG = logging.getLogger(__name__)

# seconds for one step of the talk with the server
LONGEST_STEP = 10.0
PORTS = {"smtp": 25, "smtps": 465}
ADVICE = "Check SDP_ALERT_MAIL_SERVER."


class MailChannel:
    """The port AlertChannel. The server is one that the settings name, wherever it is: none that a page could name."""

    name = "mail"

    def __init__(self, settings: Settings, guard: ConnectionGuard) -> None:
        self._server = urlsplit(settings.alert_mail_server)
        self._from, self._to = (
            settings.alert_mail_from,
            [one.strip() for one in settings.alert_mail_to.split(",") if one.strip()],
        )
        if self._server.scheme not in PORTS or not self._server.hostname:
            raise BadSetting("There is no mail server to tell alerts to.", "Set SDP_ALERT_MAIL_SERVER: smtp://host:25.")
        if not (self._from and self._to):
            raise BadSetting("An alert by mail needs a sender and a receiver.", "Set SDP_ALERT_MAIL_FROM and …_TO.")

    def send(self, alert: Alert) -> None:
        message = self._message(alert)
        try:
            with self._connected() as server:
                if self._server.username:
                    server.login(unquote(self._server.username), unquote(self._server.password or ""))
                refused = server.send_message(message)
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPRecipientsRefused as error:
            # those that may take it later, if there are some
            raise _refusal(*min(error.recipients.values())) from None
        except (smtplib.SMTPException, OSError) as error:
            raise HostUnreachable(f"The mail server cannot be reached: {redact(str(error))}.", ADVICE) from None
        if refused:
            LOG.warning("an alert was refused for %s", redact(", ".join(refused)))

    def _connected(self) -> smtplib.SMTP:
        host, port = str(self._server.hostname), self._server.port or PORTS[self._server.scheme]
        context = ssl.create_default_context()
        if self._server.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port, timeout=LONGEST_STEP, context=context)
        server = smtplib.SMTP(host, port, timeout=LONGEST_STEP)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        return server

    def _message(self, alert: Alert) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self._from, ", ".join(self._to)
        message["Subject"] = " ".join(subject_of(alert).split())
        # mail programs show a message once that comes twice, and keep what belongs together in one thread
        message["Message-ID"] = f"<{alert.alert_id}@smart-data-pipeline.invalid>"
        message["References"] = f"<{alert.incident_id}@smart-data-pipeline.invalid>"
        message.set_content(alert_text(alert))
        return message


def _refusal(code: int, said: bytes | str) -> PipelineError:
    """What a server answered: 4xx is for now, 5xx for good (RFC 5321, 4.2.1)."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    kind = RetryLater if code < 500 else WrongAnswer
    return kind(f"The mail server answered {code} {redact(words)}.", ADVICE)
