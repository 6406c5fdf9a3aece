"""How good a text is as the label of another: punctuation, markup, nearness, length."""

import re

from core.dom.paths import Leaf
from core.dom.tree import Node
from core.extract.selectors import names_another

LABEL_TAGS = frozenset({"th", "dt", "b", "strong", "label", "legend", "em", "h2", "h3", "h4", "h5"})
LABEL_WORDS = re.compile(r"label|lbl|key|term|name|caption|title|head", re.I)
FAR = 99


def label_quality(label: Leaf, value: Leaf) -> float:
    """From about -4 (not a label) to about 4 (surely one)."""
    text = label.text
    owner = label.owner
    quality = 2.0 if text.rstrip().endswith((":", "：")) else 0.0
    quality += 1.0 if owner.tag in LABEL_TAGS else 0.0
    quality += 0.4 if LABEL_WORDS.search(owner.attrs.get("class", "") + owner.attrs.get("id", "")) else 0.0
    quality -= 2.0 if any(node.tag in ("a", "button") for node in _near(owner)) else 0.0
    quality += _nearness(distance(owner, value.owner))
    quality -= (1.0 if len(text) > 35 else 0.0) + (0.7 if len(text.split()) > 5 else 0.0)
    quality -= (0.0 if text[:1].isupper() else 0.4) + (1.0 if re.search(r"\d{2}", text) else 0.0)
    quality -= 2.0 if names_another(label, value) else 0.0
    # a title speaks for itself: what stands before it, a motto or a menu, is no label of it
    return quality - (1.0 if value.owner.tag == "h1" else 0.0)


def _near(owner: Node) -> list[Node]:
    above = [owner]
    for node in owner.ancestors():
        above.append(node)
        if len(above) == 3:
            break
    return above


def _nearness(steps: int) -> float:
    if steps <= 2:
        return 1.2
    return 0.6 if steps == 3 else 0.0 if steps == 4 else -0.7 if steps == 5 else -1.5


def distance(one: Node, other: Node) -> int:
    """Steps from one element to another through the tree, up to where it no longer matters."""
    ups = {one.order: 0}
    for steps, node in enumerate(one.ancestors(), 1):
        ups[node.order] = steps
        if steps > 8:
            break
    if other.order in ups:
        return ups[other.order]
    for steps, node in enumerate(other.ancestors(), 1):
        if node.order in ups:
            return ups[node.order] + steps
        if steps > 8:
            break
    return FAR
