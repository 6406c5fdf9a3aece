"""What every alert channel must hold, against real servers: it tells the alert, or says why it did not."""

import json
import logging
import socket
import threading
from datetime import UTC, datetime
from email import message_from_string
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest

from core.bootstrap import open_channels
from core.errors import AddressRefused, BadSetting, HostUnreachable, RetryLater, WrongAnswer
from core.model.incident import Alert
from core.ports import AlertChannel
from core.settings import load_settings
from core.text.redaction import redact

ALERT = Alert(
    alert_id="notice1",
    incident_id="incident1",
    kind="begun",
    at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    table="extracted.alpha__page",
    source_id="alpha",
    sentence="extracted.alpha__page: 2.0 rows a document, where 20.0 are usual.\r\nBcc: eve@example.org",
    rows=("row1", "row2"),
    link="http://127.0.0.1:8501/tables?table=extracted.alpha__page",
)
HOST = "127.0.0.1"


class Hook(ThreadingHTTPServer):
    """A receiver that answers with a status, and keeps what it was told."""

    def __init__(self, status: int) -> None:
        told = self.told = list[tuple[dict[str, str], Any]]()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.append((dict(self.headers), json.loads(body)))
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        super().__init__((HOST, 0), Handler)


class Talk(StreamRequestHandler):
    """As much of SMTP as a sender asks for."""

    server: "MailServer"

    def handle(self) -> None:
        self.say("220 here")
        for line in self.rfile:
            word = line.decode().strip().upper()[:4]
            self.say(self.answer(word))
            if word == "DATA":
                self.server.mails.append("".join(iter(self.line, ".\r\n")))
                self.say("250 kept")

    def answer(self, word: str) -> str:
        refusal = self.server.refusal if word == "RCPT" else ""
        return refusal or {"EHLO": "250-here\r\n250 SIZE 1000000", "DATA": "354 go on", "QUIT": "221 bye"}.get(
            word, "250 fine"
        )

    def line(self) -> str:
        return self.rfile.readline().decode()

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(ThreadingTCPServer):
    """A mail server that keeps the messages; `refusal` is what it says to the receivers."""

    daemon_threads = True

    def __init__(self, refusal: str = "") -> None:
        self.refusal, self.mails = refusal, list[str]()
        super().__init__((HOST, 0), Talk)


def served(server: Any) -> int:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def webhook(port: int, **more: object) -> AlertChannel:
    settings = {"alert_webhook_url": f"http://{HOST}:{port}/hook?token=verysecret", "allow_hosts": f"{HOST}:{port}"}
    return open_channels(load_settings(alert_channels="webhook", **(settings | more)))["webhook"]


def mail(port: int, **more: object) -> AlertChannel:
    settings = {
        "alert_mail_server": f"smtp://{HOST}:{port}",
        "alert_mail_from": "pipeline@example.org",
        "alert_mail_to": "ann@example.org, bob@example.org",
    }
    return open_channels(load_settings(alert_channels="mail", **(settings | more)))["mail"]


def test_the_log_tells_it_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        open_channels(load_settings())["log"].send(ALERT)
        open_channels(load_settings())["log"].send(ALERT.model_copy(update={"kind": "over"}))
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "2.0 rows a document" in caplog.records[0].getMessage()
    assert "\n" not in caplog.records[0].getMessage()


def test_a_webhook_is_told_the_alert_as_json() -> None:
    with Hook(204) as server:
        channel = webhook(served(server))
        channel.send(ALERT)
        channel.send(ALERT)
        server.shutdown()
    assert [Alert.model_validate(body) for _, body in server.told] == [ALERT, ALERT]
    assert {headers["Idempotency-Key"] for headers, _ in server.told} == {"notice1"}


@pytest.mark.parametrize(
    ("status", "error"), [(503, RetryLater), (429, RetryLater), (404, WrongAnswer), (302, WrongAnswer)]
)
def test_what_a_webhook_refuses_is_an_error(status: int, error: type[Exception]) -> None:
    with Hook(status) as server:
        with pytest.raises(error, match=str(status)):
            webhook(served(server)).send(ALERT)
        server.shutdown()
    assert len(server.told) == 1


def test_a_webhook_that_is_not_there_is_tried_later_and_keeps_its_secret() -> None:
    with pytest.raises(HostUnreachable) as refused:
        webhook(free_port()).send(ALERT)
    assert "verysecret" not in str(refused.value)
    assert "verysecret" not in redact("a line that quotes token verysecret")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "http://10.0.0.1/", "http://localhost/", "ftp://example.org/"])
def test_a_webhook_inside_the_network_is_refused_unless_it_is_allowed(url: str) -> None:
    with pytest.raises(AddressRefused):
        webhook(1, alert_webhook_url=url, allow_hosts="", sample_portal_port=0)


def test_a_mail_says_what_happened_and_cannot_be_led_astray() -> None:
    with MailServer() as server:
        mail(served(server)).send(ALERT)
        server.shutdown()
    [text] = server.mails
    found = message_from_string(text)
    assert (found["To"], found["From"]) == ("ann@example.org, bob@example.org", "pipeline@example.org")
    assert found["Subject"] == "Alert: extracted.alpha__page"
    assert found["Message-ID"] == "<notice1@smart-data-pipeline.invalid>"
    # what a table is called or says is a text, never a header
    assert found["Bcc"] is None
    assert "Rows: row1, row2" in found.get_payload()
    assert ALERT.link in found.get_payload()


@pytest.mark.parametrize(
    ("refusal", "error"), [("450 later", RetryLater), ("550 no such user", WrongAnswer)], ids=["later", "never"]
)
def test_what_a_mail_server_refuses_is_an_error(refusal: str, error: type[Exception]) -> None:
    with MailServer(refusal) as server:
        with pytest.raises(error, match=refusal[:3]):
            mail(served(server)).send(ALERT)
        server.shutdown()
    assert server.mails == []


def test_a_mail_server_that_is_not_there_is_tried_later() -> None:
    with pytest.raises(HostUnreachable, match="mail server cannot be reached"):
        mail(free_port()).send(ALERT)


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ("pigeon", "no alert channel “pigeon”"),
        ("webhook", "no address to tell alerts to"),
        ("mail", "no mail server"),
        ("log, mail", "no mail server"),
    ],
)
def test_a_channel_that_cannot_tell_is_refused_at_the_start(channels: str, said: str) -> None:
    with pytest.raises(BadSetting, match=said):
        open_channels(load_settings(alert_channels=channels))
    with pytest.raises(BadSetting, match="sender and a receiver"):
        mail(25, alert_mail_to=" , ")
    assert open_channels(load_settings(alert_channels="")) == {}
