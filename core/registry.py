"""Who may play a port, by name. A player is loaded when it is asked for: what one needs is no burden to the others.

To add one: write it in its room, name it here, and let core/bootstrap.py choose it by a setting.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.broker import Backbone
from core.errors import BadSetting
from core.ports import Acquirer, AlertChannel, Embedder, Engine, Runner

Port = TypeVar("Port")


@dataclass(frozen=True)
class Registry(Generic[Port]):
    """The players of one port.

    Attributes:
        port: what they are called in a sentence.
        players: by name, where what makes one is found, as `module:name`.
    """

    port: str
    players: Mapping[str, str]

    def maker(self, name: str) -> Callable[..., Port]:
        """What makes the player of that name.

        Raises:
            BadSetting: there is none of that name.
        """
        if name not in self.players:
            known = ", ".join(sorted(self.players))
            raise BadSetting(f"There is no {self.port} “{name}”.", f"Known: {known}.")
        module, _, attribute = self.players[name].partition(":")
        made: Callable[..., Port] = getattr(importlib.import_module(module), attribute)
        return made


RUNNERS = Registry[Runner]("runner", {"interpreter": "core.engine.interpreter:Interpreter"})
ENGINES = Registry[Engine]("engine", {"rules": "core.engine.rules:RulesEngine"})
EMBEDDERS = Registry[Embedder]("embedder", {"grams": "core.cluster.hashed_grams:HashedGrams"})
# each is made with the settings, what may be connected to, and the keys that hold the turns of hosts
ACQUIRERS = Registry[Acquirer](
    "acquirer", {"http": "core.acquire.http.acquirer:HttpAcquirer", "folder": "core.acquire.folder:open_folder"}
)
# each is made with the settings, and what may be connected to
ALERT_CHANNELS = Registry[AlertChannel](
    "alert channel",
    {
        "log": "core.alerts.log:LogChannel",
        "webhook": "core.alerts.webhook:WebhookChannel",
        "mail": "core.alerts.mail:MailChannel",
    },
)
# each is made with its address: the path of a file, or the URL of a server
BACKBONES = Registry[Backbone](
    "backbone", {"local": "core.broker.local:open_local", "nats": "core.broker.nats:open_nats"}
)
# each is made with its own address and that of the tables
CATALOGUES = Registry[Any]("catalogue", {"sql": "warehouse.lake.catalogs:LakeCatalog"})


def open_runner(name: str = "interpreter") -> Runner:
    """Who reads documents; without a name the one that needs nothing."""
    return RUNNERS.maker(name)()


def open_engine(name: str = "rules") -> Engine:
    """Who learns and repairs; without a name the one that needs no model."""
    return ENGINES.maker(name)()


def open_embedder(name: str = "grams") -> Embedder:
    """Who turns texts into vectors; without a name the one that needs no model."""
    return EMBEDDERS.maker(name)()
