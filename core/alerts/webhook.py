"""Channel "webhook": an incident as JSON by HTTP POST, through the guard that every connection goes through."""

import httpx

from core.acquire.deadline import deadline
from core.acquire.guard import ConnectionGuard, GuardedTransport
from core.errors import BadSetting, HostUnreachable, RetryLater, WrongAnswer
from core.model.incident import Alert
from core.settings import Settings
from core.text.redaction import redact

# seconds for one answer: others wait behind it
LONGEST_ANSWER = 10.0
# what a server says that may pass by itself
BUSY = (408, 425, 429)


class WebhookChannel:
    """The port AlertChannel. Redirects are not followed: what is told goes where the settings say."""

    name = "webhook"

    def __init__(self, settings: Settings, guard: ConnectionGuard) -> None:
        if not settings.alert_webhook_url:
            raise BadSetting("There is no address to tell alerts to.", "Set SDP_ALERT_WEBHOOK_URL.")
        self._url = str(guard.check(settings.alert_webhook_url))
        headers = {"User-Agent": settings.user_agent}
        self._client = httpx.Client(
            transport=GuardedTransport(guard), headers=headers, timeout=LONGEST_ANSWER, trust_env=False
        )

    def send(self, alert: Alert) -> None:
        # the id lets the receiver know an alert again that comes twice
        headers = {"Content-Type": "application/json", "Idempotency-Key": alert.alert_id}
        try:
            with deadline(LONGEST_ANSWER):
                answer = self._client.post(self._url, content=alert.model_dump_json(), headers=headers)
        except httpx.HTTPError as error:
            said = f"The webhook does not answer: {redact(str(error)) or type(error).__name__}."
            raise HostUnreachable(said, "Check SDP_ALERT_WEBHOOK_URL.") from None
        if answer.status_code >= 500 or answer.status_code in BUSY:
            raise RetryLater(f"The webhook answered {answer.status_code}.", "It is tried again.")
        if answer.status_code >= 300:
            raise WrongAnswer(f"The webhook answered {answer.status_code}.", "Check SDP_ALERT_WEBHOOK_URL.")
