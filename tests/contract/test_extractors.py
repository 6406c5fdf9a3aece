"""What every store of extractor versions must hold."""

from datetime import timedelta
from pathlib import Path

from core.model import ExtractorState
from tests.contract.nouns import START, an_extractor
from warehouse.stores import StateStores


def test_versions_are_numbered_within_a_template(state: StateStores) -> None:
    numbers = [
        state.extractors.stage(an_extractor(name, template=template)).version
        for name, template in (("e1", "main"), ("e2", "main"), ("e3", "detail"))
    ]
    assert numbers == [1, 2, 1]


def test_what_was_staged_comes_back(state: StateStores) -> None:
    staged = state.extractors.stage(an_extractor())
    assert staged == an_extractor(version=1)
    assert state.extractors.get("e1") == staged


def test_a_blueprint_is_made_once_however_often_it_is_asked_for(state: StateStores) -> None:
    state.extractors.stage(an_extractor())
    state.extractors.promote("e1")
    [listed] = state.extractors.versions("shop")
    assert listed.blueprint is state.extractors.get("e1").blueprint


def test_staging_the_same_version_again_changes_nothing(state: StateStores) -> None:
    first = state.extractors.stage(an_extractor())
    assert state.extractors.stage(an_extractor()) == first
    assert len(state.extractors.versions("shop")) == 1


def test_promoting_retires_the_version_before(state: StateStores) -> None:
    for name in ("e1", "e2"):
        state.extractors.stage(an_extractor(name))
    state.extractors.stage(an_extractor("other", template="detail"))
    state.extractors.promote("other")
    state.extractors.promote("e1")
    assert state.extractors.promote("e2").state is ExtractorState.ACTIVE
    assert state.extractors.get("e1").state is ExtractorState.RETIRED
    active = state.extractors.active("shop", "main")
    assert active is not None
    assert active.extractor_id == "e2"
    assert state.extractors.get("other").state is ExtractorState.ACTIVE


def test_a_retired_version_can_be_promoted_again(state: StateStores) -> None:
    for name in ("e1", "e2"):
        state.extractors.stage(an_extractor(name))
        state.extractors.promote(name)
    state.extractors.promote("e1")
    states = {version.extractor_id: version.state for version in state.extractors.versions("shop")}
    assert states == {"e1": ExtractorState.ACTIVE, "e2": ExtractorState.RETIRED}


def test_nothing_is_active_before_a_promotion(state: StateStores) -> None:
    state.extractors.stage(an_extractor())
    assert state.extractors.active("shop", "main") is None


def test_versions_are_listed_newest_first(state: StateStores) -> None:
    for hours, name in enumerate(("e1", "e2", "e3")):
        state.extractors.stage(an_extractor(name, created_at=START + timedelta(hours=hours)))
    state.extractors.stage(an_extractor("detail", template="detail", created_at=START + timedelta(hours=9)))
    assert [version.extractor_id for version in state.extractors.versions("shop", "main")] == ["e3", "e2", "e1"]
    assert next(version.extractor_id for version in state.extractors.versions("shop")) == "detail"


def test_a_person_can_read_the_module(state: StateStores, tmp_path: Path) -> None:
    state.extractors.stage(an_extractor(source_id="my-shop", code="# über\n"))
    assert (tmp_path / "extractors" / "my-shop" / "main" / "v1.py").read_text("utf-8") == "# über\n"


def test_a_name_from_outside_cannot_leave_the_folder(state: StateStores, tmp_path: Path) -> None:
    staged = state.extractors.stage(an_extractor(source_id="../../..", template="a/../../b"))
    path = state.extractors.path(staged).resolve()
    assert path.is_relative_to(tmp_path / "extractors")
    assert path.is_file()
