"""The sample portal shows its content, in both designs, with validators that tell the truth."""

import csv
import json
import logging
import threading
from collections.abc import Iterator
from xml.etree import ElementTree

import httpx
import pytest
from lxml import html

from core.errors import BadSetting
from jobs.portal import content
from jobs.portal.answers import long_date
from jobs.portal.server import PortalServer


@pytest.fixture(scope="module")
def portal() -> Iterator[PortalServer]:
    with PortalServer() as server:
        yield server


@pytest.fixture
def client(portal: PortalServer) -> Iterator[httpx.Client]:
    portal.redesigned = False
    with httpx.Client(base_url=portal.url, trust_env=False) as opened:
        yield opened


def tree(client: httpx.Client, path: str) -> html.HtmlElement:
    return html.fromstring(client.get(path).raise_for_status().content)


def texts(root: html.HtmlElement, xpath: str) -> list[str]:
    return [node.text_content().strip() for node in root.xpath(xpath)]


def test_list_pages_show_every_tender_once_in_order(client: httpx.Client) -> None:
    shown, path = [], "/tenders"
    while path:
        page = tree(client, path)
        shown += texts(page, "//tr[@class='tender']/td[@class='ref']")
        path = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert shown == [tender.reference for tender in content.TENDERS]


@pytest.mark.parametrize("tender", content.TENDERS[::7], ids=lambda tender: tender.reference)
def test_detail_page_shows_the_facts(client: httpx.Client, tender: content.Tender) -> None:
    page = tree(client, f"/tenders/{tender.reference}")
    facts = dict(zip(texts(page, "//dl/dt"), texts(page, "//dl/dd"), strict=True))
    assert facts["Buyer"] == tender.buyer.name
    assert facts["Deadline"] == long_date(tender.deadline)
    assert facts.get("Estimated value") == (str(tender.value) if tender.value else None)
    assert len(page.xpath("//table[@class='lots']/tbody/tr")) == len(tender.lots)
    assert bool(page.xpath("//script[@type='application/ld+json']")) == tender.has_json_ld


def test_redesign_changes_the_markup_and_keeps_the_values(portal: PortalServer, client: httpx.Client) -> None:
    tender = content.TENDERS[0]
    before = tree(client, f"/tenders/{tender.reference}")
    portal.redesigned = True
    after = tree(client, f"/tenders/{tender.reference}")
    assert before.xpath("//dl")
    assert not after.xpath("//dl")
    values = texts(after, "//div[@class='v']")
    assert set(values) == set(texts(before, "//dl/dd"))
    assert values != texts(before, "//dl/dd")


def test_switch_answers_and_turns(client: httpx.Client, portal: PortalServer) -> None:
    own = {"Origin": portal.url}
    assert client.post("/_redesign?on=1", headers=own).json() == {"redesigned": True}
    assert portal.redesigned
    assert client.get("/_redesign").json() == {"redesigned": True}
    assert client.get("/_redesign?on=0").json() == {"redesigned": False}


def test_the_switch_is_turned_by_pages_of_the_portal_alone(client: httpx.Client, portal: PortalServer) -> None:
    image = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert client.get("/_redesign?on=1", headers=image).status_code == 403
    assert client.post("/_redesign?on=1").status_code == 403
    assert client.post("/_redesign?on=1", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.get("/tenders", headers={"Host": "evil.example"}).status_code == 403
    assert not portal.redesigned


def test_api_leads_through_all_pages(client: httpx.Client) -> None:
    found, url = [], "/api/tenders?per_page=30"
    while url:
        answer = client.get(url).json()
        found += answer["items"]
        url = answer["next"]
    assert [item["reference"] for item in found] == [tender.reference for tender in content.TENDERS]
    assert sum(len(item["lots"]) for item in found) == sum(len(tender.lots) for tender in content.TENDERS)


def test_feed_csv_and_awards_hold_the_same_data(client: httpx.Client) -> None:
    feed = ElementTree.fromstring(client.get("/feed.xml").content)
    rows = list(csv.DictReader(client.get("/tenders.csv").text.splitlines()))
    suppliers = texts(tree(client, "/awards"), "//tbody/tr/td[4]")
    assert [item.findtext("title") for item in feed.iter("item")] == [t.title for t in content.TENDERS[:25]]
    assert [row["title"] for row in rows] == [tender.title for tender in content.TENDERS]
    assert suppliers == [tender.award.supplier for tender in content.AWARDED if tender.award]


def test_json_ld_is_json_about_the_tender(client: httpx.Client) -> None:
    page = tree(client, f"/tenders/{content.TENDERS[0].reference}")
    value = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))
    assert value["name"] == content.TENDERS[0].title


def test_known_version_is_not_sent_again_until_the_redesign(portal: PortalServer, client: httpx.Client) -> None:
    first = client.get("/tenders")
    by_tag = {"If-None-Match": first.headers["etag"]}
    by_date = {"If-Modified-Since": first.headers["last-modified"]}
    assert client.get("/tenders", headers=by_tag).status_code == 304
    assert client.get("/tenders", headers=by_date).status_code == 304
    portal.redesigned = True
    assert client.get("/tenders", headers=by_tag).status_code == 200
    assert client.get("/tenders", headers=by_date).status_code == 200


@pytest.mark.parametrize("path", ["/tenders?page=x", "/tenders?page=0", "/api/tenders?per_page=-1"])
def test_bad_page_numbers_are_refused(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("path", ["/tenders?page=5", "/tenders/AM-0", "/nothing"])
def test_what_is_not_there_is_404(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_link_of_the_guide_and_a_tender_works(client: httpx.Client) -> None:
    for path in ("/", f"/tenders/{content.TENDERS[2].reference}"):
        links = [link for link in tree(client, path).xpath("//@href") if link.startswith("/")]
        assert links
        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_taken_port_is_a_clear_error(portal: PortalServer) -> None:
    with pytest.raises(BadSetting, match=f"Port {portal.port} on 127.0.0.1 is taken"):
        PortalServer(portal.port).start()


def test_stop_ends_the_thread_and_frees_the_port() -> None:
    before = set(threading.enumerate())
    server = PortalServer().start()
    assert set(threading.enumerate()) > before
    server.stop()
    assert set(threading.enumerate()) == before
    with PortalServer(server.port) as again:
        assert httpx.get(again.url, trust_env=False).status_code == 200


def test_logging_of_the_server_around_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    loggers = [logging.getLogger(f"uvicorn.{name}") for name in ("error", "access", "asgi")]
    for logger in loggers:
        monkeypatch.setattr(logger, "propagate", True)
        monkeypatch.setattr(logger, "level", logging.INFO)
    with PortalServer():
        assert [(logger.level, logger.propagate) for logger in loggers] == [(logging.INFO, True)] * 3
