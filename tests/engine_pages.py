"""Pages of our own making for the engine's tests."""

from html import escape
from pathlib import Path

SITES = Path(__file__).parent / "sites"
BOOKS = [
    ("The tide clock", "Mara Lind", "Pier Press", "9780000000017", "May 3, 2019", "$12.50"),
    ("Ash and iron", "Tomas Reyes", "Foundry House", "9780000000024", "June 14, 2020", "$9.99"),
    ("A map of sleep", "Ines Duarte", "Pier Press", "9780000000031", "January 22, 2021", "$21.00"),
    ("Winter bees", "Odd Solberg", "North Quay", "9780000000048", "March 9, 2018", "$15.75"),
    ("The last orchard", "Wen Zhao", "Foundry House", "9780000000055", "October 30, 2022", "$18.20"),
    ("Paper harbour", "Ruth Okoye", "North Quay", "9780000000062", "August 1, 2017", "$11.10"),
]


def book_page(number: int, *, label: str = "Publisher:") -> bytes:
    title, author, publisher, isbn, published, price = BOOKS[number]
    return f"""<!doctype html><html><head><title>{escape(title)} | Bookshop</title></head><body>
    <div id="top"><a href="/">Home</a> <a href="/basket">Basket</a></div>
    <div class="book"><h1>{escape(title)}</h1><p class="author">by <a href="/a/{number}">{author}</a></p>
    <span class="price">{price}</span>
    <dl><dt>{label}</dt><dd>{publisher}</dd><dt>ISBN-13:</dt><dd>{isbn}</dd><dt>Published:</dt><dd>{published}</dd></dl>
    </div><div id="foot">All prices include tax. Call us any time.</div></body></html>""".encode()
