"""When work on a table ends in an error that nobody foresaw: is a file of the table damaged? Then that is the error.

What libraries say of bytes that are not what was written can be anything, and says nothing to a person. The files are
looked at only after such an error.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from core.errors import Damaged, PipelineError
from warehouse.lake.catalogs import LakeCatalog

MEND = "Run python -m jobs check; with --mend it leaves out what cannot be read and fills it in again."


@contextmanager
def blamed_on_files(catalog: LakeCatalog, *names: str) -> Iterator[None]:
    """Errors of the block as Damaged where a file of one of the tables cannot be read; as they are elsewhere."""
    try:
        yield
    except PipelineError:
        raise
    except Exception as error:  # it is raised again where no file is to blame
        if damaged := damage_of(catalog, names):
            raise damaged from error
        raise


def damage_of(catalog: LakeCatalog, names: Iterable[str]) -> Damaged | None:
    """The error for the first file of these tables that cannot be read; None where all can be."""
    from warehouse.lake.torn_files import torn_files

    wanted = set(names)
    for name, location in catalog.locations().items():
        for torn in torn_files(location, full=True) if name in wanted else ():
            file = torn.location.rpartition("/")[2]
            return Damaged(f"The table {name} is damaged: its file {file} cannot be read: {torn.why}.", MEND)
    return None
