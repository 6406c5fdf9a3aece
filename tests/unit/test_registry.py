"""Players are found by name, and what is missing is said with the way to get it."""

import pytest

from core.errors import BadSetting
from core.registry import ACQUIRERS, BACKBONES, CATALOGUES, ENGINES, RUNNERS, Registry, open_engine


@pytest.mark.parametrize("registry", [ACQUIRERS, BACKBONES, CATALOGUES, ENGINES, RUNNERS], ids=lambda each: each.port)
def test_every_player_is_there(registry: Registry[object]) -> None:
    assert registry.players
    for name in registry.players:
        assert callable(registry.maker(name))


def test_a_name_that_nobody_has_is_an_error_with_those_that_are() -> None:
    with pytest.raises(BadSetting, match="no engine “oracle”") as raised:
        open_engine("oracle")
    assert "rules" in str(raised.value)


def test_a_package_that_is_not_there_is_named_with_the_way_to_get_it() -> None:
    plays = Registry[object]("engine", {"model": "a_package_of_nobody.room:Engine"}, {"model": "a-package-of-nobody"})
    with pytest.raises(BadSetting, match="a_package_of_nobody") as raised:
        plays.maker("model")
    assert "pip install a-package-of-nobody" in str(raised.value)


def test_a_defect_of_ours_is_no_missing_package() -> None:
    with pytest.raises(ModuleNotFoundError):
        Registry[object]("engine", {"model": "a_package_of_nobody.room:Engine"}).maker("model")
