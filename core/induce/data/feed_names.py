"""The standard names of what feeds say, and the elements that say it, best first."""

Paths = tuple[str, ...]

WITH_EMAIL = ("author", "managingEditor", "dc:creator", "dc:author", "itunes:author")

ENTRY_PATHS: dict[str, Paths] = {
    "title": ("title", "dc:title", "media:title", "itunes:title"),
    "link": (
        "link[rel=alternate]/@href",
        "link[!rel]/@href",
        "link",
        "atom:link[rel=alternate]/@href",
        "@HREF",
        "@href",
        "a/@href",
        "guid[isPermaLink=true]",
        "guid[!isPermaLink]",
        "link/@href",
    ),
    "id": ("id", "guid", "atom:id", "dc:identifier", "@about"),
    "published": ("published", "issued", "pubDate", "atom:published", "dcterms:issued", "atom:issued", "dc:date"),
    "updated": ("updated", "modified", "atom:updated", "dcterms:modified", "dc:date", "@LASTMOD", "lastBuildDate"),
    "created": ("created", "dcterms:created"),
    "author": (
        "author/name",
        "author",
        "dc:creator",
        "dc:author",
        "itunes:author",
        "atom:author/name",
        "managingEditor",
    ),
    "author_email": ("author/email", "atom:author/email", *WITH_EMAIL),
    "author_url": ("author/uri", "author/url", "author/homepage", "atom:author/uri"),
    "contributors": ("contributor/name", "dc:contributor", "contributor"),
    "summary": (
        "summary",
        "description",
        "dc:description",
        "abstract",
        "ABSTRACT",
        "itunes:summary",
        "itunes:subtitle",
    ),
    "subtitle": ("itunes:subtitle",),
    "content": ("content:encoded", "content", "body", "fullitem", "xhtml:body", "div"),
    "categories": (
        "category/@term",
        "category",
        "dc:subject",
        "keywords",
        "media:category",
        "itunes:keywords",
        "itunes:category/@text",
    ),
    "enclosure_url": (
        "enclosure/@url",
        "link[rel=enclosure]/@href",
        "enclosure",
        "media:content/@url",
        "media:group/media:content/@url",
    ),
    "enclosure_type": ("enclosure/@type", "link[rel=enclosure]/@type", "media:content/@type"),
    "enclosure_length": ("enclosure/@length", "link[rel=enclosure]/@length", "media:content/@fileSize"),
    "image_url": (
        "image/url",
        "media:thumbnail/@url",
        "itunes:image/@href",
        "itunes:image/@url",
        "itunes:image",
        "itunes:link[rel=image]/@href",
        "image",
    ),
    "comments_url": ("comments", "wfw:comment"),
    "comments_feed_url": ("wfw:commentRss", "wfw:commentRSS"),
    "source": ("source/title", "source", "dc:source"),
    "source_url": ("source/@url", "source/link/@href", "source/id"),
    "rights": ("rights", "copyright", "dc:rights"),
    "language": ("dc:language", "language", "@lang"),
    "publisher": ("dc:publisher", "publisher"),
}

FEED_PATHS: dict[str, Paths] = {
    "title": ("title", "dc:title", "TITLE"),
    "link": (
        "link[rel=alternate]/@href",
        "link[!rel]/@href",
        "link",
        "atom:link[rel=alternate]/@href",
        "@HREF",
        "@href",
        "a/@href",
    ),
    "id": ("id", "guid", "atom:id", "dc:identifier", "@about"),
    "subtitle": (
        "subtitle",
        "description",
        "tagline",
        "dc:description",
        "abstract",
        "ABSTRACT",
        "itunes:summary",
        "itunes:subtitle",
    ),
    "published": ("published", "issued", "pubDate", "dcterms:issued"),
    "updated": ("updated", "modified", "lastBuildDate", "dcterms:modified", "dc:date", "@LASTMOD"),
    "created": ("created", "dcterms:created"),
    "author": ("author/name", "author", "managingEditor", "dc:creator", "dc:author", "itunes:author", "webMaster"),
    "author_email": ("author/email", *WITH_EMAIL, "itunes:owner/itunes:email"),
    "author_url": ("author/uri", "author/url", "author/homepage"),
    "contributors": ("contributor/name", "dc:contributor", "contributor"),
    "categories": ("category/@term", "category", "dc:subject", "itunes:category/@text", "itunes:keywords"),
    "language": ("language", "dc:language", "@lang"),
    "rights": ("rights", "copyright", "dc:rights"),
    "generator": ("generator", "generatorAgent/@resource", "admin:generatorAgent/@resource"),
    "image_url": (
        "image/url",
        "logo",
        "icon",
        "itunes:image/@href",
        "itunes:image/@url",
        "itunes:image",
        "itunes:link[rel=image]/@href",
        "LOGO/@HREF",
        "image/@resource",
    ),
    "icon_url": ("icon",),
    "publisher": ("dc:publisher", "webMaster", "itunes:owner/itunes:name", "publisher"),
    "info": ("info", "feedburner:browserFriendly"),
    "docs": ("docs",),
    "ttl": ("ttl",),
}

MANY_NAMES = frozenset(("contributors", "categories"))
URL_NAMES = frozenset(
    "link docs author_url enclosure_url image_url icon_url comments_url comments_feed_url source_url".split()
)
TIME_NAMES = frozenset(("published", "updated", "created"))

EMAIL_PATTERN = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
CUT_PARTS: dict[str, tuple[str, ...]] = {
    "author": (rf"^([^()<>@]+?)\s*[(<]\s*{EMAIL_PATTERN}", rf"^{EMAIL_PATTERN}\s*\(([^()]+)\)", ""),
    "publisher": (rf"^([^()<>@]+?)\s*[(<]\s*{EMAIL_PATTERN}", rf"^{EMAIL_PATTERN}\s*\(([^()]+)\)", ""),
    "author_email": (EMAIL_PATTERN,),
}
"""What to cut out of texts like "Ada Berg (ada@example.org)", by the name of the field; "": the whole text."""

JSON_FEED = {
    "url": "link",
    "home_page_url": "link",
    "description": "subtitle",
    "date_published": "published",
    "date_modified": "updated",
    "content_html": "content",
    "content_text": "content",
    "tags": "categories",
    "image": "image_url",
    "icon": "image_url",
    "author_name": "author",
}
"""The standard names of what a JSON Feed says in its own words."""
