"""Which selector of a page is trusted most to find the same value on other pages; and what thing a page is about."""

from collections import defaultdict
from collections.abc import Sequence

from core.induce.html.candidates import LOWEST_QUALITY, SelectorCandidate
from core.model.selector import LabelSelector, PathSelector

SITE_TYPES = frozenset(
    "WebSite WebPage Organization BreadcrumbList ImageObject Person ListItem SearchAction ReadAction CollectionPage "
    "SiteNavigationElement WPHeader WPFooter VideoObject Thing Comment "
    # FOAF, SIOC and SKOS: what publishing software says of any page
    "Document Item Post UserAccount Concept Image Container".split()
)
CHOSEN_IMAGE = "og:image"  # the one picture a site chose for the page; lists of pictures differ from it elsewhere
PAGE_TYPES = frozenset({"Article", "BlogPosting", "NewsArticle", "Review", "Rating", "AggregateRating", "Offer"})
CONTENT_META = ("og:title", "og:description", "og:image", "description", "twitter:title", "author", "keywords")
# Lower is trusted more: data that says what it is, then labels by their quality, then places, the more exact the
# sooner. As a cascade in this order selectors read .998 of a larger site, voting .902. Weights of .05 to .5 only part
# equals
PRIORITY = {"jsonld": 0.0, "microdata": 0.4, "inline": 1.5, "before": 4.0, "meta": 2.6, "state": 2.2, "section": 1.8}


# labels: the base, what a point of quality gains and the quality above which more gains nothing, and what a paragraph
# or list behind a label costs
BY_LABEL, LABEL_QUALITY, BEST_QUALITY, LABELLED_BLOCK = 2.0, 0.5, 3.0, 0.3
# data of another thing than the page is about, of the site, of a part of a thing or of a text with markup; other metas
OTHER_THING_COST, OF_THE_SITE, DATA_DETAIL, OTHER_META = 0.2, 3.0, 0.1, 1.5
# being read on all pages gains this; several texts at a place cost that: which one is the value changes
SUPPORT, MANY_AT_A_PLACE = 1.5, 0.4
# places: by itemprop, below an id and each step down from it, in a main heading, from the top of the page, by classes
# and each class up to four
BY_PROPERTY, BELOW_AN_ID, STEP_BELOW_AN_ID, MAIN_HEADING, FROM_THE_TOP = 0.5, 2.0, 0.05, 2.2, 3.2
BY_CLASSES, EACH_CLASS, CLASSES_COUNTED = 2.5, 0.1, 4
# what a property of an article counts where another thing is described too: most pages are articles as well
PAGE_TYPE_WORTH = 0.3


def priority(candidate: SelectorCandidate, main: str) -> float:
    """The order in which selectors are trusted to find the same value on other pages; lower is better."""
    selector = candidate.selector
    if isinstance(selector, LabelSelector):
        quality = max(LOWEST_QUALITY, min(candidate.quality, BEST_QUALITY))
        base = BY_LABEL - LABEL_QUALITY * quality + (LABELLED_BLOCK if selector.extent != "text" else 0.0)
    elif isinstance(selector, PathSelector):
        base = _path_priority(selector.path_key)
    else:
        path = selector.path_text
        base = PRIORITY[selector.kind]
        base += OTHER_THING_COST if selector.kind == "jsonld" and not path.startswith(main + "/") else 0.0
        base += OF_THE_SITE if path.partition("/")[0] in SITE_TYPES else 0.0
        is_part = path.endswith(("/name", "/url")) and path.count("/") > 1
        base += DATA_DETAIL if is_part else -DATA_DETAIL if "//" in path else 0.0
        base += OTHER_META if selector.kind == "meta" and path not in CONTENT_META else 0.0
    many = any(len(reading) > 1 for reading in candidate.readings)
    return (
        base - SUPPORT * candidate.support + (MANY_AT_A_PLACE if many and isinstance(selector, PathSelector) else 0.0)
    )


def _path_priority(path: str) -> float:
    if path.startswith("[itemprop="):
        return BY_PROPERTY
    if path.startswith("#"):
        return BELOW_AN_ID + STEP_BELOW_AN_ID * path.count(">")
    if path.startswith(("h1/", "h2/")):
        return MAIN_HEADING
    classes = min(path.count("."), CLASSES_COUNTED)
    return FROM_THE_TOP if path.startswith(("html", "body")) else BY_CLASSES - EACH_CLASS * classes


def main_type(found: Sequence[SelectorCandidate]) -> str:
    """The type of the thing the page is about: the one with most properties, an article only if there is no other."""
    properties: dict[str, set[str]] = defaultdict(set)
    for candidate in found:
        kind, slash, rest = candidate.selector.path_text.partition("/")
        if candidate.selector.kind in ("jsonld", "microdata") and slash and kind not in SITE_TYPES:
            properties[kind].add(rest.partition("/")[0])
    worth = {kind: len(names) * (PAGE_TYPE_WORTH if kind in PAGE_TYPES else 1.0) for kind, names in properties.items()}
    best = max(worth, key=lambda kind: worth[kind], default="")
    return best if worth.get(best, 0) >= 1 else ""
