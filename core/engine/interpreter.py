"""Runner "interpreter": a version is read by its blueprint, in this process; its module is run for proof alone."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from core.extract import extract
from core.model import Blueprint, Extraction, Extractor, ParsedDocument


class Interpreter:
    """The port Runner."""

    def run(
        self,
        extractor: Extractor,
        document: ParsedDocument,
        *,
        located: bool = True,
        second: Blueprint | None = None,
    ) -> Extraction:
        return extract(extractor.blueprint, document, located=located, second=second)

    def try_out(self, blueprint: Blueprint, document: ParsedDocument, *, located: bool = True) -> Extraction:
        return extract(blueprint, document, located=located)

    def module_rows(self, extractor: Extractor, content: bytes, url: str) -> list[dict[str, Any]]:
        return list(load_module(extractor.code)(SimpleNamespace(content=content, url=url)))


def load_module(code: str) -> Callable[[Any], Iterator[dict[str, Any]]]:
    """The `extract` function of a module that codegen wrote; only ever called with our own generated code."""
    namespace: dict[str, Any] = {"__name__": "extractor"}
    exec(compile(code, "<extractor>", "exec"), namespace)
    function: Callable[[Any], Iterator[dict[str, Any]]] = namespace["extract"]
    return function
