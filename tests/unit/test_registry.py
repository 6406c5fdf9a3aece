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
