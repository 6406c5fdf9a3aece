"""The folder acquirer: saved files in natural order, and nothing outside the folder."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.acquire.folder import FolderAcquirer, media_type_of, survey
from core.errors import AddressRefused, BadInput, PageGone
from core.model import FetchRequest, Source
from core.settings import Settings


@pytest.fixture
def acquirer() -> FolderAcquirer:
    return FolderAcquirer(Settings())


def source(path: Path | str) -> Source:
    return Source(
        source_id="s", name="saved", location=str(path), acquirer="folder", created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )


def save(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"<p>{name}")


def names(acquirer: FolderAcquirer, root: Path) -> list[str]:
    found = acquirer.starts(source(root))
    return [acquirer.fetch(request).final_url.removeprefix(f"{root.as_uri()}/") for request in found]


def test_files_come_in_natural_order_from_all_depths(acquirer: FolderAcquirer, tmp_path: Path) -> None:
    save(tmp_path, "page10.html", "page2.html", "Page1.html", "more/a.json", "more/b/c.csv")
    assert names(acquirer, tmp_path) == ["more/a.json", "more/b/c.csv", "Page1.html", "page2.html", "page10.html"]


def test_strange_names_survive_the_way_through_a_url(acquirer: FolderAcquirer, tmp_path: Path) -> None:
    save(tmp_path, "100% #1 straße?.html")
    (only,) = acquirer.starts(source(tmp_path))
    assert acquirer.fetch(only).content == "<p>100% #1 straße?.html".encode()


def test_one_file_is_a_source_too(acquirer: FolderAcquirer, tmp_path: Path) -> None:
    save(tmp_path, "a.html", "b.html")
    (only,) = acquirer.starts(source(tmp_path / "b.html"))
    assert acquirer.fetch(only).content == b"<p>b.html"


def test_what_is_left_out_has_a_reason(tmp_path: Path) -> None:
    save(tmp_path, "a.html", ".hidden.html", ".git/b.html", "photo.jpeg", "README")
    (tmp_path / "link.html").symlink_to(tmp_path / "a.html")
    (tmp_path / "linked").symlink_to(tmp_path.parent)
    found, skipped = survey(tmp_path)
    assert [path.name for path in found] == ["a.html"]
    assert {path.name: reason for path, reason in skipped} == {
        ".hidden.html": "hidden",
        "photo.jpeg": "of a kind that no reader knows (.jpeg)",
        "README": "of a kind that no reader knows (no ending)",
        "link.html": "a link to another place",
        "linked": "a link to another place",
    }


@pytest.mark.parametrize(
    ("files", "words"),
    [([], "holds no files"), (["a.jpeg"], "a.jpeg is of a kind"), ([f"{n}.gif" for n in range(5)], "and 2 more")],
)
def test_folder_without_readable_files_says_why(
    acquirer: FolderAcquirer, tmp_path: Path, files: list[str], words: str
) -> None:
    save(tmp_path, *files)
    with pytest.raises(BadInput, match=words) as caught:
        acquirer.starts(source(tmp_path))
    assert ".html" in caught.value.advice


def test_link_on_a_page_is_not_a_way_to_a_file(acquirer: FolderAcquirer, tmp_path: Path) -> None:
    save(tmp_path, "a.html")
    link = FetchRequest(source_id="s", url=(tmp_path / "a.html").as_uri(), parent_id="document")
    with pytest.raises(AddressRefused, match="is a link on a page"):
        acquirer.fetch(link)


@pytest.mark.parametrize("replaced", ["a.html", "sub"])
def test_link_that_was_put_in_later_is_not_followed(acquirer: FolderAcquirer, tmp_path: Path, replaced: str) -> None:
    save(tmp_path / "root", "sub/a.html", "a.html")
    save(tmp_path / "secret", "a.html")
    name = "a.html" if replaced == "a.html" else "sub/a.html"
    request = next(r for r in acquirer.starts(source(tmp_path / "root")) if r.url.endswith(f"root/{name}"))
    (tmp_path / "root" / replaced).rename(tmp_path / "aside")
    (tmp_path / "root" / replaced).symlink_to(
        tmp_path / "secret" / replaced if replaced == "a.html" else tmp_path / "secret"
    )
    with pytest.raises(AddressRefused, match="leads to another place"):
        acquirer.fetch(request)


def test_file_that_went_away(acquirer: FolderAcquirer, tmp_path: Path) -> None:
    save(tmp_path, "a.html")
    (request,) = acquirer.starts(source(tmp_path))
    (tmp_path / "a.html").unlink()
    with pytest.raises(PageGone, match="does not exist any more"):
        acquirer.fetch(request)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.HTML", "text/html"), ("a.ndjson", "application/x-ndjson"), ("a.unknown", "application/octet-stream")],
)
def test_media_type_follows_the_ending(name: str, media_type: str) -> None:
    assert media_type_of(Path(name)) == media_type
