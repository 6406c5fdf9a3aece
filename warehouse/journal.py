"""What was found damaged and what was mended: a text file in the data folder, which outlives every database in it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.disk.data_folder import DataFolder
from core.disk.private import private_file
from core.disk.refusals import refused_by_disk
from core.ports import Damage

# how long a person is told of what was mended
TOLD = timedelta(days=7)


def note(folder: DataFolder, *damages: Damage) -> None:
    """Add what was found."""
    _append(folder.damages, *(damage._asdict() | {"at": _now().isoformat()} for damage in damages))


def recent(folder: DataFolder) -> list[tuple[datetime, Damage]]:
    """What was found in the last days, newest first; each only once, and not what was mended later."""
    since = _now() - TOLD
    found: dict[Damage, datetime] = {}
    for line in _lines(folder.damages):
        at = datetime.fromisoformat(line.pop("at"))
        if at >= since and line.keys() >= {"what", "wrong"}:
            damage = Damage(**line)
            if damage.mended:
                found = {one: when for one, when in found.items() if one.mended or one.what != damage.what}
            found[damage] = at
    return sorted(((at, damage) for damage, at in found.items()), reverse=True, key=lambda pair: pair[0])


def note_backup(folder: DataFolder, archive: Path) -> None:
    """Remember where the last backup lies."""
    _append(folder.backups, {"archive": str(archive.absolute()), "at": _now().isoformat()})


def last_backup(folder: DataFolder) -> Path | None:
    """The newest archive that is still there."""
    archives = [Path(str(line.get("archive", ""))) for line in _lines(folder.backups)]
    return next((archive for archive in reversed(archives) if archive.is_file()), None)


def _append(path: Path, *lines: dict[str, str]) -> None:
    try:
        private_file(path)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    except OSError as error:
        raise refused_by_disk(f"{path.name} could not be written", error) from error


def _lines(path: Path) -> list[dict[str, str]]:
    """The lines that can be read; a damaged one tells nothing, and harms none of the others."""
    try:
        texts = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [line for text in texts if (line := _line(text))]


def _line(text: str) -> dict[str, str]:
    try:
        line = json.loads(text)
        datetime.fromisoformat(line["at"])
    except (ValueError, TypeError, KeyError):
        return {}
    known = {"at", "archive", *Damage._fields}
    return {name: str(value) for name, value in line.items() if name in known}


def _now() -> datetime:
    return datetime.now(UTC)
