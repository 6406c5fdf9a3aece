"""XML to our tree, by lxml with everything dangerous off: no entities, no network, no huge trees."""

from lxml import etree

from core.errors import UnreadableDocument
from core.tree import TEXT, Node, Tree


def read_xml(text: str) -> Tree:
    """The tree of an XML document; tags lose their namespace, which stands in `space`.

    Raises:
        UnreadableDocument: not even a forgiving parser finds elements, or it defines entities within entities.
    """
    if "<!ENTITY" in text[:100_000]:
        raise UnreadableDocument("The XML defines entities of its own, which we refuse to expand.", "Remove them.")
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever the document declares: the text is decoded already
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=False,
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument(f"The document looks like XML but is broken: {error}.", "Check the file.") from None
    if root is None:
        raise UnreadableDocument("The document looks like XML but holds no element.", "Check that it came whole.")
    return Tree(_convert(root))


def _convert(root: etree._Element) -> Node:
    top = _element(root, None)
    stack = [(root, top)]
    while stack:
        source, target = stack.pop()
        counts = {TEXT: 0}
        _text(source.text, target, counts)
        for child in source:
            if isinstance(child.tag, str):
                node = _element(child, target)
                counts[node.tag] = node.ordinal = counts.get(node.tag, 0) + 1
                target.children.append(node)
                stack.append((child, node))
            _text(child.tail, target, counts)
    return top


def _element(source: etree._Element, parent: Node | None) -> Node:
    node = Node(_local(str(source.tag)), parent, {_local(str(key)): str(value) for key, value in source.items()})
    node.space = _space(str(source.tag))
    return node


def _space(name: str) -> str:
    """The namespace of a name, or its prefix where the document forgot to say what the prefix stands for."""
    if name.startswith("{"):
        return name[1:].partition("}")[0]
    return name.rpartition(":")[0]


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _text(text: str | None, parent: Node, counts: dict[str, int]) -> None:
    if not text:
        return
    counts[TEXT] += 1
    if not text.isspace():
        node = Node(TEXT, parent, text=text)
        node.ordinal = counts[TEXT]
        parent.children.append(node)
