"""Makes a small data folder of every kind of thing, with the version of the product that is checked out.

    git worktree add ../before VERSION
    cd ../before && python PATH/TO/tests/upgrade/make_folder.py OUT.tar.gz

A later version must open that folder and go on: tests/e2e/test_upgrade.py. The tables of a lake name their files by
full paths, so the folder is always made, and restored, at the same place (`HOME`).
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path("/tmp/smart-data-pipeline-upgrade")
DATA = HOME / "data"
FILES = Path(__file__).parent / "files"
PAGES = Path(__file__).parents[1] / "sites"
PORTAL_PORT = 18231
FEW = 14


def main(out: Path) -> None:
    """Fill the folder by the commands that a person would give, back it up, and pack the archive."""
    shutil.rmtree(HOME, ignore_errors=True)
    sys.path.insert(0, str(Path.cwd()))
    os.environ.update(SDP_DATA_DIR=str(DATA), SDP_ALLOW_HOSTS=f"127.0.0.1:{PORTAL_PORT}", SDP_SAMPLE_PORTAL_PORT="0")
    lay_out_files()
    for file in sorted((HOME / "files").iterdir()):
        jobs("add", str(file), "--name", file.name)
    from jobs.portal.server import PortalServer

    with PortalServer(PORTAL_PORT) as portal:
        jobs("add", portal.url + "/tenders", "--name", "tenders", "--every", "6h", "--max-documents", str(FEW))
        jobs("run", "--until-idle")
        jobs("table", "extracted.stock_csv__" + main_table("stock-csv"), "--tag", "first")
        portal.redesigned = True
        jobs("run", "--source", "tenders", "--until-idle")
        jobs("repair", "tenders", "--accept-losses")
        leave_a_draft(portal.url + "/awards")
    jobs("run", "--until-idle")
    jobs("backup", str(HOME / "folder.tar"))
    with (HOME / "folder.tar").open("rb") as plain, gzip.GzipFile(out, "wb", mtime=0) as packed:
        shutil.copyfileobj(plain, packed)
    keep_blueprints(out.with_name(out.name.removesuffix(".tar.gz") + ".blueprints.json"))


def lay_out_files() -> None:
    """The files that the sources read, where the restored folder will look for them."""
    shutil.copytree(FILES, HOME / "files")
    for site in sorted(PAGES.iterdir()):
        if (site / "page.html").exists():
            shutil.copy(site / "page.html", HOME / "files" / f"{site.name}.html")


def jobs(*arguments: str) -> None:
    """One command, with what it says; its failure ends this."""
    print("$ jobs", *arguments)
    subprocess.run([sys.executable, "-m", "jobs", *arguments], check=True)


def main_table(source_id: str) -> str:
    """The name of the first table of a source."""
    from core.bootstrap import build_pipeline
    from core.settings import load_settings

    return build_pipeline(load_settings()).repairs.versions(source_id)[0].blueprint.tables[0].name


def leave_a_draft(location: str) -> None:
    """An onboarding that waits for a person, with one change made."""
    from core.bootstrap import build_pipeline
    from core.settings import load_settings
    from jobs.commands.sources import scouted

    scouted(build_pipeline(load_settings()), location, "awards")


def keep_blueprints(out: Path) -> None:
    """All blueprints as they are stored, for the test of their migration alone."""
    import sqlite3

    with sqlite3.connect(DATA / "state.db") as state:
        found = [json.loads(row[0]) for row in state.execute("SELECT blueprint FROM extractors ORDER BY extractor_id")]
    out.write_text(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
