"""What the workbench's own pages may load and run: themselves, and nothing from elsewhere."""

import hashlib
import re
from base64 import b64encode
from pathlib import Path

import streamlit

from pages._widgets.safe_page import MARKER

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

# Streamlit makes modules of the scripts of components (blob:), reads long integers with a program in WebAssembly,
# and writes styles and icons into its pages
_POLICY = (
    "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self'; "
    "worker-src 'self' blob:; frame-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
)


def workbench_policy() -> str:
    """The content security policy of everything that the workbench's server answers.

    The frame of a saved page takes this policy over beside its own, so the script that marks values in it is named.
    """
    index = Path(streamlit.__file__).with_name("static") / "index.html"
    scripts = [MARKER, *_INLINE_SCRIPT.findall(index.read_text("utf-8"))]
    return _POLICY.format(scripts=" ".join(f"'sha256-{_hash(script)}'" for script in scripts))


def _hash(script: str) -> str:
    return b64encode(hashlib.sha256(script.encode()).digest()).decode()
