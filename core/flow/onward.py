"""Onward: queues what a page that was read leads to."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.flow.planner import Planner
from core.model import FetchRequest, Source, Task
from core.pagination.repeats import to_compare
from core.ports import ExtractionEntry, SourceStore


@dataclass(frozen=True)
class Onward:
    """The next page of a list, and the pages behind its records, as far as the source wants and its bound allows."""

    sources: SourceStore
    planner: Planner

    def follow(self, task: Task, request: FetchRequest, entry: ExtractionEntry, *, is_new: bool) -> None:
        """Queue where the page of a task leads; `is_new` says that it is another version than the one read before."""
        if not entry.next_url and not entry.detail_urls:
            return
        source = self.sources.get(task.source_id)
        # where a page of a list is new, records may have moved from it to the one behind it
        onward = (entry.next_url or "") if is_new else ""
        self.planner.follow(source, task.run_id, list(_links(source, request, entry)), onward=onward)


def _links(source: Source, request: FetchRequest, entry: ExtractionEntry) -> Iterator[FetchRequest]:
    """The next page of the list, and the pages behind its records."""
    parent, template = entry.document_id, request.template
    if source.follow_pages and entry.next_url:
        earlier = to_compare(request.page, parent, request.earlier)
        next_page = FetchRequest(source_id=source.source_id, url=entry.next_url, template=template, parent_id=parent)
        yield next_page.model_copy(update={"page": request.page + 1, "earlier": earlier})
    for url in entry.detail_urls if source.follow_details else ():
        yield FetchRequest(source_id=source.source_id, url=url, template="detail", parent_id=parent)
