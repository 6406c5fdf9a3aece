"""Names of XML elements in paths: the tag, with the usual prefix where it belongs to a well-known extension."""

import re

from core.dom.tree import Node

OTHER = "other"
ATOM = frozenset(("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"))
PREFIXES = {
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://purl.org/rss/1.0/modules/slash": "slash",
    "http://search.yahoo.com/mrss": "media",
    "http://wellformedweb.org/CommentAPI": "wfw",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://www.georss.org/georss": "georss",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://backend.userland.com/creativeCommonsRssModule": "cc",
    "http://webns.net/mvcb": "admin",
    "http://prismstandard.org/namespaces/basic/2.0": "prism",
    "https://podcastindex.org/namespace/1.0": "podcast",
}
FEEDS = frozenset(("rss", "RDF", "feed", "channel", "CHANNEL"))
CORE = re.compile(r"(?i)^$|purl\.org/rss/1\.0/?$|netscape\.com/|userland\.com/rss|/tech/rss|/2005/atom|atom/ns|/xhtml$")
KNOWN_PREFIXES = frozenset(PREFIXES.values()) | {"atom", "itunes"}


def name_of(node: Node) -> str:
    """The name of an element as a step of a path: `title`, `dc:title`; Atom within another format is `atom:link`."""
    prefix = _prefix(node)
    return f"{prefix}:{node.tag}" if prefix else node.tag


def _prefix(node: Node) -> str:
    space, top = node.space, _top(node)
    if not space or space == top.space:
        return ""
    if space in ATOM:
        return "atom"
    if space.lower().endswith("podcast-1.0.dtd"):
        return "itunes"
    known = space if space in KNOWN_PREFIXES else PREFIXES.get(space.rstrip("/"), "")
    # in a feed an extension may use the names of the core for things of its own
    return known or (OTHER if top.tag in FEEDS and not CORE.search(space) else "")


def _top(node: Node) -> Node:
    while node.parent is not None:
        node = node.parent
    return node
