"""A scraped page made safe to show: no script of its own, no request, and our marks on the values.

The page runs in `<iframe sandbox="allow-scripts">` without our origin, under a policy that lets only the script
with this render's nonce run. Scripts, handlers, `<base>` and `<meta http-equiv>` are emptied as well; elements
stay where they are, so that evidence paths hold.
"""

import secrets

from selectolax.lexbor import LexborHTMLParser, LexborNode

# bytes of a page that are shown: it is sent with each draw of it
LARGEST_SHOWN = 3_000_000
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'nonce-{nonce}'"
LOADING = {"src", "srcset", "poster", "background", "data"}
UNSAFE_ATTRIBUTES = {"nonce", "http-equiv", "srcdoc", "ping", "formaction"}

MARKER = """
(() => {
  document.querySelectorAll('[data-sdp]').forEach(node => node.remove());
  const find = path => { try {
    return document.evaluate(path, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue;
  } catch { return null; } };
  const outlined = new Set();
  const clear = () => { CSS.highlights.clear(); outlined.forEach(e => e.style.outline = ''); outlined.clear(); };
  const outline = (element, color) => { element.style.outline = '3px solid ' + color; outlined.add(element); };
  const span = (node, start, end) => {
    const range = new Range(); const length = node.textContent.length;
    if (node.nodeType !== Node.TEXT_NODE || start === null) { range.selectNodeContents(node); return range; }
    range.setStart(node, Math.min(start, length)); range.setEnd(node, Math.min(end, length)); return range;
  };
  let inFocus = null; let hidden = true;
  const show = () => {
    hidden = !innerHeight;
    if (inFocus) inFocus.scrollIntoView({ block: 'center', inline: 'center' });
  };
  addEventListener('resize', () => { if (hidden && innerHeight) show(); });
  const paint = marks => {
    clear();
    const ranges = {}; inFocus = null;
    for (const mark of marks) {
      const [path, attribute] = mark.path.split('/@');
      const node = find(path.split('#')[0]);
      if (!node) continue;
      const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
      if (attribute || mark.path.includes('#')) outline(element, mark.color);
      else (ranges[mark.color] ??= []).push(span(node, mark.start, mark.end));
      if (mark.focus) { outline(element, mark.color); inFocus ??= element; }
    }
    let css = ''; let number = 0;
    for (const [color, list] of Object.entries(ranges)) {
      const name = 'sdp' + number++;
      CSS.highlights.set(name, new Highlight(...list));
      css += `::highlight(${name}) { background-color: ${color}; color: #000; }`;
    }
    sheet.replaceSync(css);
    show();
    parent.postMessage({ painted: marks.length }, '*');
  };
  const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet];
  addEventListener('message', event => {
    if (event.source === parent && Array.isArray(event.data)) paint(event.data);
  });
  const pointed = event => {
    const chosen = String(getSelection());
    if (chosen.trim()) return chosen;
    const at = document.caretRangeFromPoint(event.clientX, event.clientY)?.startContainer;
    const exact = at && at.nodeType === Node.TEXT_NODE && event.target.contains(at);
    return (exact ? at : event.target).textContent;
  };
  addEventListener('click', event => {
    event.preventDefault(); event.stopPropagation();
    const text = pointed(event).replace(/\\s+/g, ' ').trim().slice(0, 500);
    if (text) parent.postMessage({ picked: text }, '*');
  }, true);
  parent.postMessage({ ready: true }, '*');
})();
"""


def safe_page(content: str) -> str:
    """The `srcdoc` for a scraped HTML page: emptied of everything active, with our marking script at its end."""
    nonce = secrets.token_urlsafe(16)
    parser = LexborHTMLParser(content[:LARGEST_SHOWN])
    for node in parser.css("script, noscript"):
        _empty(node)
    for node in parser.css("*"):
        _disarm(node)
    policy = f'<meta data-sdp http-equiv="Content-Security-Policy" content="{POLICY.format(nonce=nonce)}">'
    return f'<!doctype html>{policy}{parser.html or ""}<script data-sdp nonce="{nonce}">{MARKER}</script>'


def _empty(node: LexborNode) -> None:
    child = node.child
    while child is not None:
        following = child.next
        child.remove()
        child = following


def _disarm(node: LexborNode) -> None:
    for name, value in list(node.attributes.items()):
        if _is_unsafe(node.tag or "", name, value or ""):
            del node.attrs[name]


def _is_unsafe(tag: str, name: str, value: str) -> bool:
    """Whether an attribute acts, or makes the browser ask for something."""
    if name in LOADING:
        return not value.lstrip().startswith("data:image/")
    return name.startswith("on") or name in UNSAFE_ATTRIBUTES or (name == "href" and tag in {"base", "link"})
