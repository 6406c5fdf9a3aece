"""Texts that a spreadsheet would run: one that begins like a formula gets an apostrophe before it in a CSV file.

What stands on pages is written by strangers. A spreadsheet takes a cell that begins with =, +, -, @, a tab or a line
end for a formula, which may fetch and send things (<https://owasp.org/www-community/attacks/CSV_Injection>).
"""

from warehouse.names import quoted

# some spreadsheets read the wide signs of East Asian fonts like the plain ones, and pass over blanks before them
_FORMULA = r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]"
# a number is no formula, also where a column of texts holds it
_NUMBER = r"[+\-]?[0-9][0-9.,]*"

# columns of these types hold no text of a stranger, and stay as they are
_PLAIN = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
    "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "DATE", "TIME", "INTERVAL", "UUID", "STRUCT", "MAP",
)  # fmt: skip


def without_formulas(statement: str, columns: list[tuple[str, str]]) -> str:
    """The statement with every text, and every heading, made one that no spreadsheet runs.

    Args:
        statement: one that reads.
        columns: names and types of what it gives.
    """
    places = [f"c{place}" for place in range(len(columns))]
    cells = [
        f"{_cell(place, kind)} AS {quoted(_heading(name))}" for place, (name, kind) in zip(places, columns, strict=True)
    ]
    return f"SELECT {', '.join(cells)} FROM (\n{statement}\n) AS rows({', '.join(places)})"


def _cell(place: str, kind: str) -> str:
    if kind.endswith("]") or kind.startswith(_PLAIN):
        return place
    text = f"CAST({place} AS VARCHAR)"
    runs = f"regexp_matches({text}, {quoted(_FORMULA, chr(39))})"
    number = f"regexp_full_match({text}, {quoted(_NUMBER, chr(39))})"
    return f"CASE WHEN {runs} AND NOT {number} THEN chr(39) || {text} ELSE {text} END"


def _heading(name: str) -> str:
    return f"'{name}" if name.lstrip()[:1] in tuple("=+-@＝＋－＠") or name[:1] in tuple("\t\r\n") else name
