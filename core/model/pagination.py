"""How a list goes on from page to page, and how it leads to the page of each of its records."""

from typing import Annotated, Literal

from pydantic import Discriminator
from pydantic import Field as Default

from core.model.base import Frozen
from core.model.selector import Tagged


class RelLink(Tagged):
    """The link that says that it is the next one."""

    kind: Literal["rel"] = "rel"

    @property
    def words(self) -> str:
        """How it leads on, for a person."""
        return "by the link that says it is the next"


class TextLink(Tagged):
    """The link of a certain text.

    Attributes:
        text: what it reads, in lower case.
    """

    kind: Literal["text"] = "text"
    text: str

    @property
    def words(self) -> str:
        """How it leads on, for a person."""
        return f"by the link “{self.text}”"


class NumberLink(Tagged):
    """The link whose text is the number after that of the page."""

    kind: Literal["number"] = "number"

    @property
    def words(self) -> str:
        """How it leads on, for a person."""
        return "by the link with the number after that of the page"


class JsonLink(Tagged):
    """The address in a value of a JSON document.

    Attributes:
        path: the keys that lead to it, with "/" between them.
    """

    kind: Literal["json"] = "json"
    path: str

    @property
    def words(self) -> str:
        """How it leads on, for a person."""
        return f"by the address that “{self.path}” holds"


NextLink = Annotated[RelLink | TextLink | NumberLink | JsonLink, Discriminator("kind")]


class LinkPagination(Tagged):
    """The page says where the next one is.

    Attributes:
        link: what of the page says so.
    """

    kind: Literal["link"] = "link"
    link: NextLink

    @property
    def words(self) -> str:
        """How it goes on, for a person."""
        return self.link.words


class NumberedPagination(Tagged):
    """The next page has the address of this one with another number.

    Attributes:
        number_at: where the number stands, as {}: in a query parameter ("?page={}") or at the end of the path
            ("/page/{}").
        first: the number of the page that was learned from, also of one without a number.
        step: by how much the numbers go up.
    """

    kind: Literal["numbered"] = "numbered"
    number_at: str
    first: int = Default(1, ge=0)
    step: int = Default(1, ge=1)

    @property
    def words(self) -> str:
        """How it goes on, for a person."""
        return f"by the number in the address, {self.number_at.replace('{}', '…')}, up by {self.step}"


Pagination = Annotated[LinkPagination | NumberedPagination, Discriminator("kind")]


class DetailLink(Frozen):
    """Which field of which table leads to the page of one record.

    Attributes:
        table: the table of the list.
        field: its field with the addresses.
        key: its field whose value the page repeats; "" when none does.
        page_key: the field of the page that repeats it; "" when none does.
    """

    table: str
    field: str
    key: str = ""
    page_key: str = ""
