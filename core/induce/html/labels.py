"""How good a text is as the label of another: punctuation, markup, nearness, length."""

import re

from core.dom.paths import Leaf
from core.dom.tree import Node
from core.extract.selectors import names_another

LABELLING_TAGS = frozenset({"th", "dt", "b", "strong", "label", "legend", "em", "h2", "h3", "h4", "h5"})
LABEL_WORDS = re.compile(r"label|lbl|key|term|name|caption|title|head", re.I)
# more steps than any label is from its value
UNREACHED = 99
# What speaks for a label: each alone is weak, two together make one (`GOOD_LABEL`). The weights are those of a
# prototype that came from .881 to .945 on 22 sites of SWDE, by them among others; what titles and other labels cost
# is of later
COLON, LABELLING_TAG, LABELLING_WORD = 2.0, 1.0, 0.4
# and against it: a link or button leads elsewhere, a sentence is no label, values have figures
IN_A_LINK_COST, LONG_COST, WORDY_COST, SMALL_LETTER_COST, FIGURES_COST = 2.0, 1.0, 0.7, 0.4, 1.0
NAMES_ANOTHER_COST, BEFORE_A_TITLE_COST = 2.0, 1.0
# characters and words of a label above which it is long, or wordy
LONG_LABEL, MANY_WORDS = 35, 5
# elements upwards from a text, its own among them, that make it a link
STEPS_TO_LINK = 3
# by the steps through the tree from a label to its value: side by side, in one row, in the next box; and farther
NEARNESS, TOO_FAR = (1.2, 1.2, 1.2, 0.6, 0.0, -0.7), -1.5
# steps upwards within which two elements meet: farther apart they are `TOO_FAR` in any case
MOST_UPS = 8


def label_quality(label: Leaf, value: Leaf) -> float:
    """From about -4 (not a label) to about 4 (surely one)."""
    text = label.text
    owner = label.owner
    quality = COLON if text.rstrip().endswith((":", "：")) else 0.0
    quality += LABELLING_TAG if owner.tag in LABELLING_TAGS else 0.0
    quality += LABELLING_WORD if LABEL_WORDS.search(owner.attrs.get("class", "") + owner.attrs.get("id", "")) else 0.0
    quality -= IN_A_LINK_COST if any(node.tag in ("a", "button") for node in _near(owner)) else 0.0
    steps = distance(owner, value.owner)
    quality += NEARNESS[steps] if steps < len(NEARNESS) else TOO_FAR
    quality -= (LONG_COST if len(text) > LONG_LABEL else 0.0) + (WORDY_COST if len(text.split()) > MANY_WORDS else 0.0)
    quality -= (0.0 if text[:1].isupper() else SMALL_LETTER_COST) + (FIGURES_COST if re.search(r"\d{2}", text) else 0.0)
    quality -= NAMES_ANOTHER_COST if names_another(label, value) else 0.0
    # a title speaks for itself: what stands before it, a motto or a menu, is no label of it
    return quality - (BEFORE_A_TITLE_COST if value.owner.tag == "h1" else 0.0)


def _near(owner: Node) -> list[Node]:
    above = [owner]
    for node in owner.ancestors():
        above.append(node)
        if len(above) == STEPS_TO_LINK:
            break
    return above


def distance(one: Node, other: Node) -> int:
    """Steps from one element to another through the tree, up to where it no longer matters."""
    ups = {one.order: 0}
    for steps, node in enumerate(one.ancestors(), 1):
        ups[node.order] = steps
        if steps > MOST_UPS:
            break
    if other.order in ups:
        return ups[other.order]
    for steps, node in enumerate(other.ancestors(), 1):
        if node.order in ups:
            return ups[node.order] + steps
        if steps > MOST_UPS:
            break
    return UNREACHED
