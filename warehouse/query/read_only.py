"""Which statements a person may run: one that reads tables, as the engine's own parser understands it.

The parser gives the tree of a statement only when it is a SELECT, whatever words it is written in (FROM, VALUES, WITH,
SHOW, DESCRIBE, SUMMARIZE). The tree tells which tables and functions it names; what reads files or the network, or does
something beside its result, is refused by name before anything of it is run.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import duckdb

from core.errors import BadQuery

# all that can stand in FROM beside tables: what is new in the next version of the engine is refused until it is known
_TABLE_FUNCTIONS = frozenset(
    "duckdb_columns duckdb_functions duckdb_keywords duckdb_schemas duckdb_tables duckdb_types duckdb_views "
    "generate_series json_each json_tree pg_timezone_names pragma_show pragma_table_info range repeat repeat_row "
    "summary unnest".split()
)
# functions of one row that do something beside their result, or tell of the machine
_REFUSED_FUNCTIONS = frozenset("currval getenv nextval write_log".split())
# a name that the engine would take for a file, or for the address of one
_LIKE_A_FILE = re.compile(r"[/\\:*?]|\.[a-z0-9]+$", re.IGNORECASE)

_WORD = re.compile(rb"[0-9a-z_\x80-\xff]+|.", re.IGNORECASE | re.DOTALL)
_EXPLAIN_OPTIONS = frozenset("analyze format text json html graphviz yaml mermaid".split())

_ADVICE = "Begin with SELECT, WITH, FROM or DESCRIBE."
_NAME_A_TABLE = "Name a table, such as state.sources."


class Statement(NamedTuple):
    """A statement that may be run; `explain` are the words before it, if its plan is asked for."""

    text: str
    explain: str = ""

    def capped(self, rows: int) -> str:
        """The statement, never bringing more rows than that into memory."""
        return f"{self.explain} {self.text}" if self.explain else f"SELECT * FROM (\n{self.text}\n) LIMIT {rows}"


def reading_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> Statement:
    """The one reading statement of a text, without the semicolon.

    Args:
        connection: a locked one; the text is parsed on it and not run.
        sql: what somebody typed.

    Raises:
        BadQuery: it is none, several, or one that does something else than read tables.
    """
    try:
        explain, text = _without_explain(_one(sql))
        _check(_tree(connection, text))
    except (duckdb.Error, UnicodeEncodeError) as error:
        raise BadQuery(str(error).split("\n")[0], "Check the SQL.") from None
    except RecursionError:
        raise BadQuery("The query is nested too deeply.", "Write it in fewer levels.") from None
    return Statement(text, explain)


def _tokens(encoded: bytes) -> list[tuple[int, str]]:
    """Where the words and signs of a text begin, and what each is, in lower case; comments are left out."""
    found = [(at, kind) for at, kind in duckdb.tokenize(encoded.decode()) if kind != duckdb.token_type.comment]
    words = (_WORD.match(encoded, at) for at, _ in found)
    return [(word.start(), word[0].decode("utf-8", "ignore").lower()) for word in words if word]


def _one(sql: str) -> str:
    """The text up to its first semicolon.

    Raises:
        BadQuery: something comes behind it.
    """
    encoded = sql.encode()
    tokens = _tokens(encoded)
    ends = [place for place, (_, word) in enumerate(tokens) if word == ";"]
    if not ends:
        return sql
    if any(word != ";" for _, word in tokens[ends[0] :]):
        raise BadQuery("Only one statement can be run at a time.", "Leave out what stands behind the semicolon.")
    return encoded[: tokens[ends[0]][0]].decode()


def _without_explain(text: str) -> tuple[str, str]:
    """What asks for a plan, written anew, and the statement behind it."""
    encoded = text.encode()
    tokens = _tokens(encoded)
    if not tokens or tokens[0][1] != "explain":
        return "", text
    options, place = _explain_options([word for _, word in tokens])
    if place >= len(tokens):
        return "", text
    return f"EXPLAIN {options}".strip(), encoded[tokens[place][0] :].decode()


def _explain_options(words: list[str]) -> tuple[str, int]:
    """The options behind EXPLAIN, and which word is the first of the statement."""
    if words[1:2] and words[1] in ("analyze", "analyse"):
        return "ANALYZE", 2
    if words[1:2] == ["("] and ")" in words:
        end = words.index(")")
        named = [word for word in words[2:end] if word != ","]
        if named and _EXPLAIN_OPTIONS.issuperset(named):
            return f"({' '.join(words[2:end])})", end + 1
    return "", 1


def _tree(connection: duckdb.DuckDBPyConnection, text: str) -> Any:
    """The statement as the engine's parser sees it.

    Raises:
        BadQuery: it is no SELECT.
    """
    row = connection.execute("SELECT json_serialize_sql(?)", [text]).fetchone()
    parsed: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
    if parsed["error"]:
        if parsed.get("error_type") == "parser":
            raise BadQuery(f"Parser Error: {parsed['error_message']}", "Check the SQL.")
        raise BadQuery("Only one reading statement can be run here.", _ADVICE)
    if len(parsed["statements"]) != 1:
        raise BadQuery("Only one reading statement can be run here.", _ADVICE)
    return parsed["statements"][0]


def _check(tree: Any) -> None:
    """Whether all that a statement names may be read.

    Raises:
        BadQuery: it names a file, or a function that does more than read tables.
    """
    for node in _nodes(tree):
        if node.get("type") in ("BASE_TABLE", "SHOW_REF") and _is_a_file(node):
            raise BadQuery(f"{node['table_name']} is no table, and files cannot be read here.", _NAME_A_TABLE)
        if node.get("type") == "TABLE_FUNCTION" and _function(node["function"]) not in _TABLE_FUNCTIONS:
            raise BadQuery(f"{_function(node['function'])}() cannot be read here.", _NAME_A_TABLE)
        if node.get("class") == "FUNCTION" and _function(node) in _REFUSED_FUNCTIONS:
            raise BadQuery(f"{_function(node)}() cannot be used here.", "Leave it out.")


def _function(node: dict[str, Any]) -> str:
    return str(node.get("function_name", "")).lower()


def _is_a_file(node: dict[str, Any]) -> bool:
    return any(_LIKE_A_FILE.search(str(node.get(part) or "")) for part in ("catalog_name", "schema_name", "table_name"))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """All parts of a statement, however deep."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
