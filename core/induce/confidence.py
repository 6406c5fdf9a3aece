"""How far a field is trusted before a person has seen it: by who says what it is.

The figures order fields and values for a person, and break ties between fields that fit alike; no decision rests on
their size. They were set by hand.
"""

from core.extract.cells import LEAST_CONFIDENCE

# what a person pointed at
POINTED_AT = 0.99
# data that names its values: keys, tags, the labels of columns; and a table under such labels
KEYED, HEADED = 0.95, 0.9
# a label in a line of text, or a rule that cuts a part out of a text
BEHIND_A_LABEL, CUT = 0.8, 0.8
# a label that stands beside a value in print; a table of such labels in texts; what a page says of its one thing
PRINTED, OF_LABELS, OF_A_PAGE = 0.7, 0.7, 0.7
# nothing but a place: a column without a label, and the table of what labels in print say
PLACED = 0.6


def bounded(merit: float) -> float:
    """A merit as a confidence: never none, and never more than a person gives."""
    return round(max(LEAST_CONFIDENCE, min(POINTED_AT, merit)), 4)
