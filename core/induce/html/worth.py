"""How much a field of a page is worth to an analyst: what data and labels say of the thing the page is about."""

import math
import re
from collections.abc import Sequence

from core.dom.page_index import PageIndex
from core.dom.tree import Node
from core.induce.html.candidates import SelectorCandidate
from core.induce.html.trust import BEST_QUALITY, CHOSEN_IMAGE, CONTENT_META, SITE_TYPES
from core.induce.types import placed_type
from core.model.selector import EmbeddedSelector, LabelSelector

ASIDE_OF_CONTENT = re.compile(
    r"nav|menu|footer|breadcrumb|sidebar|pagin|social|share|cookie|related|recommend|similar|also|viewed|sponsor|review|"
    r"comment|advert|promo|login|widget|carousel|popup|modal|newsletter",
    re.I,
)
DIRECT = 0.05  # what the thing itself has, not a thing it has
# items from which the first of a list is no field beside the list
LONG_DATA_LIST = 3


# A merit is about 0 to 1 and orders the fields of a page. The weights were set by hand; a rule with a fixed order of
# properties had .82 of the wanted fields among the first ten of 84 saved pages, where .90 is all there is, models
# fitted to other domains .51 to .58. What carried it: the order of properties (.12), labels, where in the page it
# stands. a field as such, being on all pages, each selector that agrees and each kind of them, as many as count
PLAIN_FIELD, THERE, EACH_MEMBER, MEMBERS_COUNTED, EACH_KIND, KINDS_COUNTED = 0.25, 0.15, 0.03, 5, 0.05, 4
# a point of label quality, standing in a main heading, in the title, differing on all pages, having a type
LABEL_POINT, IN_HEADING, IN_TITLE, VARIES, TYPED_VALUE = 0.08, 0.35, 0.3, 0.15, 0.05
# against it: a whole paragraph, each time the label stood before (two count), an attribute instead of a text
WHOLE_PARAGRAPH, LATER_LABEL, LATER_COUNTED, ATTRIBUTE_COST = 0.1, 0.06, 2, 0.15
# embedded data: of the thing the page is about, of another, of the site; each level down, reviews, an item of a list
MAIN_THING, OTHER_THING, SITE_THING, DEEPER, OF_A_REVIEW, ONE_OF_MANY = 0.5, 0.05, 0.3, 0.1, 0.1, 0.15
# metas: the chosen picture (lists of pictures differ from it on other pages), what is told of the content, and the
# rest
PREVIEW, TOLD_META, UNTOLD_META = 0.85, 0.3, 0.1
# visible text: at the end of the page, aside of the content, in a link; long texts gain by the power of ten, to four
AT_THE_END, ASIDE_COST, LINK_COST, LENGTH_WORTH, LENGTH_COUNTED = 0.1, 0.25, 0.1, 0.06, 4
# texts at one place above which they flood a table, and what that costs
FLOOD, FLOOD_COST = 40, 0.15
# characters of a value below which a title holds it by chance
SHORTEST_TITLE = 4
# steps around a text within which a menu, a footer or comments hold it
STEPS_TO_ASIDE = 7


def merit_of(members: Sequence[SelectorCandidate], pages: Sequence[PageIndex], main: str) -> float:
    """How much a field is worth to an analyst, about 0 to 1: embedded data of the main thing first."""
    lead = members[0]
    selector = lead.selector
    kinds = {member.selector.kind for member in members}
    merit = PLAIN_FIELD + THERE * lead.support
    merit = merit + EACH_MEMBER * min(len(members), MEMBERS_COUNTED) + EACH_KIND * min(len(kinds), KINDS_COUNTED)
    if isinstance(selector, EmbeddedSelector):
        merit = _with_data(merit, selector, main, pages)
    merit += LABEL_POINT * max(0.0, min(max(m.quality for m in members), BEST_QUALITY))
    merit += IN_HEADING if any(map(_is_in_heading, members)) else 0.0
    merit += IN_TITLE * _titled(lead, pages)
    if isinstance(selector, LabelSelector):
        is_paragraph = selector.extent == "paragraph"
        merit -= WHOLE_PARAGRAPH * is_paragraph + LATER_LABEL * min(selector.occurrence - 1, LATER_COUNTED)
    merit += VARIES * (len(set(lead.readings)) - 2) / (len(pages) - 1) if len(pages) > 1 else 0.0
    merit -= ATTRIBUTE_COST if selector.path_text.endswith(("@src", "@href", "@alt", "@title")) else 0.0
    merit -= _cost(lead, pages)
    kind = placed_type(lead.selector, lead.texts)[0]
    return merit + (TYPED_VALUE if kind not in ("string", "text") else 0.0)


def _with_data(merit: float, selector: EmbeddedSelector, main: str, pages: Sequence[PageIndex]) -> float:
    """A merit with what speaks for and against a place in embedded data."""
    path = selector.path
    if selector.kind in ("jsonld", "microdata"):
        merit += MAIN_THING if path.startswith(main + "/") else -OTHER_THING
        merit -= SITE_THING if path.partition("/")[0] in SITE_TYPES else 0.0
        deep = path.replace("//text", "").removesuffix("/name").count("/") - 1
        merit += -DEEPER * deep if deep > 0 else DIRECT * path.startswith(main + "/")
        merit -= OF_A_REVIEW * ("review" in path.lower())
        merit -= ONE_OF_MANY * _is_one_of_many(selector, pages)
    elif selector.kind == "meta":
        merit += PREVIEW if path == CHOSEN_IMAGE else TOLD_META if path in CONTENT_META else -UNTOLD_META
    return merit


def _is_in_heading(member: SelectorCandidate) -> bool:
    return member.selector.path_text.startswith("h1/") or ">h1" in member.selector.path_text


def _is_one_of_many(selector: EmbeddedSelector, pages: Sequence[PageIndex]) -> bool:
    """Whether it is the first or the last of a list in embedded data, which the list itself says too."""
    found = [getattr(page.embedded, selector.kind).get(selector.path, ()) for page in pages]
    return selector.nth in (1, -1) and max(map(len, found)) > LONG_DATA_LIST


def _titled(lead: SelectorCandidate, pages: Sequence[PageIndex]) -> float:
    """On which share of the pages the title of the page holds the value too."""
    hits = 0
    for page, reading in zip(pages, lead.readings, strict=True):
        title = next((datum.text for datum in page.embedded.meta.get("title", ())), "").casefold()
        hits += bool(reading) and len(reading[0]) >= SHORTEST_TITLE and reading[0].casefold().strip(" ()") in title
    return hits / len(pages)


def _cost(lead: SelectorCandidate, pages: Sequence[PageIndex]) -> float:
    """What speaks against visible text: links, places aside of the content, the end of the page."""
    if isinstance(lead.selector, EmbeddedSelector):
        return 0.0
    number = next(n for n, nodes in enumerate(lead.nodes) if nodes)
    tree = pages[number].tree
    node = tree.nodes[lead.nodes[number][0]]
    cost = AT_THE_END * lead.nodes[number][0] / len(tree.nodes)
    cost += ASIDE_COST if _aside(node) else 0.0
    cost += LINK_COST if node.parent is not None and "a" in (node.tag, node.parent.tag) else 0.0
    cost -= LENGTH_WORTH * min(math.log10(1 + sum(len(text) for text in lead.readings[number])), LENGTH_COUNTED)
    return cost + (FLOOD_COST if len(lead.readings[number]) > FLOOD else 0.0)


def _aside(node: Node) -> bool:
    for steps, above in enumerate([node, *node.ancestors()]):
        if steps > STEPS_TO_ASIDE or above.tag in ("body", "html"):
            return False
        if above.tag in ("nav", "footer", "aside") or ASIDE_OF_CONTENT.search(
            above.attrs.get("class", "") + above.attrs.get("id", "")
        ):
            return True
    return False
