"""What changes of itself is no redesign: the weather beside a page, the news above a list, one odd value."""

from core.extract import extract
from core.heal import heal
from core.heal.tables import OldTable
from core.induce import induce
from core.model import Blueprint, Field, RecordSet
from core.model.document import ParsedDocument
from core.model.scope import RowsScope
from core.model.selector import AboveSelector, PathSelector
from core.parse import parse

WEATHER = (("Fair with sunny periods", "9"), ("Mainly cloudy, some rain", "7"), ("Gales by the evening", "12"))
NEWS = (
    "New buses ordered for spring",
    "Fewer people out of work",
    "Surplus of the year confirmed",
    "Vaccines for all pupils",
)


def member(day: int, name: str = "Joseph Mooney") -> ParsedDocument:
    """The page of a member of parliament as it was on a day; weather and news stand beside what it is about."""
    sky, degrees = WEATHER[day % 3]
    facts = "".join(
        f"<dt>{label}</dt><dd>{value}</dd>"
        for label, value in (
            ("Parish", f"Saint {name.split()[0]}"),
            ("Telephone", f"07781 1045{len(name)}"),
            ("Email", f"{name.replace(' ', '.').lower()}@parliament.test"),
            ("Elected", f"{len(name)} May 2016"),
        )
    )
    links = [f"<li><a href='/more/{n}'>All about department {n}</a></li>" for n in range(6)]
    news = "".join(f"<h3>{NEWS[(day + n) % 4]}</h3><ul class='feed'>{''.join(links[3 * n :][:3])}</ul>" for n in (0, 1))
    page = (
        f"<html><body><h1>{name}</h1><dl>{facts}</dl>"
        f"<aside><b>Weather</b><p id='sky'>{sky}</p><i>{degrees} degrees</i></aside>"
        f"<section>{news}</section></body></html>"
    )
    return parse(page.encode(), url=f"https://parliament.test/{name.replace(' ', '-')}")


def test_what_differed_between_archived_pages_of_one_thing_is_not_gone_when_it_differs_again() -> None:
    before = [member(0), member(1)]
    blueprint = induce(before)
    healed, report = heal(blueprint, before, [member(2)])
    assert report.verdict == "healthy"
    assert healed == blueprint
    said = {str(cell.raw) for record in extract(healed, member(2)).records for cell in record.fields.values()}
    assert "Gales by the evening" in said


def test_a_text_that_all_pages_show_may_change_on_all_of_them() -> None:
    names = ("Joseph Mooney", "Lester Queripel", "Emilie McSwiggan")
    before, after = [member(0, name) for name in names], [member(1, name) for name in names]
    _, report = heal(induce(before), before, after)
    assert report.verdict == "healthy"
    assert "removed" not in report.fields.values()


def test_headings_above_known_links_may_change() -> None:
    fields = (
        Field(name="text", type="string", selectors=(PathSelector(path_key="a/text"),)),
        Field(name="url", type="url", selectors=(PathSelector(path_key="a/@href"),)),
        Field(name="heading", type="string", selectors=(AboveSelector(path_key="section>h3/text"),)),
    )
    scope = RowsScope(element_path="ul.feed>li", required_keys=("a/text",))
    blueprint = Blueprint(kind="html", tables=(RecordSet(name="feed", scope=scope, fields=fields),))
    was, now = (extract(blueprint, member(day)) for day in (0, 2))
    assert {str(record.fields["heading"].raw) for record in was.records} == set(NEWS[:2])
    assert not OldTable(blueprint.tables[0], [was], [now]).shifted
    _, report = heal(blueprint, [member(0)], [member(2)])
    assert report.verdict == "healthy"
