"""Options of a select box."""

from pages._widgets.choice import told_apart


def test_options_of_the_same_words_are_told_apart() -> None:
    said = {"a": "staged · just now", "b": "staged · just now", "c": "healthy · 1 d ago"}
    assert told_apart(said) == {"a": "staged · just now", "b": "staged · just now (2)", "c": "healthy · 1 d ago"}
