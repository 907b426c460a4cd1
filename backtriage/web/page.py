"""RuleSet -> one page that works offline, or one script with the same as a web component."""

import re
from base64 import b64encode
from datetime import date
from hashlib import sha256
from html import escape
from importlib.resources import files

from backtriage.errors import make_printable
from backtriage.language import say
from backtriage.model import RuleSet
from backtriage.report.html_style import SHEETS
from backtriage.strict_json import write_json
from backtriage.web.data import Data, build_data
from backtriage.web.words import Words

_IMPORT = re.compile(r"^import (\{[^}]*\}) from '\./(\w+)\.mjs';$", re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:const|function\*?|class) (\w+))", re.MULTILINE)

_SHARED = (
    "rules", "conditions", "engine", "interview", "words",
    "advice", "safety_net", "say", "card", "sections", "result", "paper",
    "dom", "typed_number", "question_screen", "saving", "screens", "app",
)  # fmt: skip
"""What both are made of, each behind those that it imports."""

_PAGE_CSS = """
@supports (color: light-dark(red, red)) {
  html { color-scheme: light dark; }
  body { background: light-dark(#ffffff, #15181c); }
}
body { margin: 0; }
@media print { html { color-scheme: light; } }
"""

_ELEMENT_CSS = """
:host { display: block; }
.element { all: initial; display: block; visibility: inherit; color-scheme: inherit; }
"""
"""Nothing of how the page around it looks comes in, but whether it is dark, and hidden."""


def render_page(rule_set: RuleSet, made_on: date) -> str:
    """The page: rules, script and looks, and a policy by which nothing else can be loaded."""
    script, style = _bundle("page"), _PAGE_CSS + _read_style()
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    title, data = make_printable(rule_set.title), build_data(rule_set, made_on)
    return f"""<!DOCTYPE html>
<html lang="{data["language"]}" dir="{data["direction"]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<div id="page"><p>{escape(say(Words.NO_SCRIPT))}</p></div>
<script type="application/json" id="rules">{_write(data)}</script>
<script>{script}</script>
</body>
</html>
"""


def render_component(rule_set: RuleSet, made_on: date) -> str:
    """A script that defines the element `back-triage`, to be used in another page."""
    data, style = _write(build_data(rule_set, made_on)), write_json(_ELEMENT_CSS + _read_style())
    return _bundle("component", f"const DATA = {data};\nconst CSS = {style};\n")


def _write(data: Data) -> str:
    """The rules as JSON that cannot end the element it stands in."""
    return write_json(data).replace("<", "\\u003c")


def _read(name: str) -> str:
    return files("backtriage.web").joinpath("assets", name).read_text(encoding="utf-8")


def _read_style() -> str:
    return SHEETS + _read("page.css")


def _bundle(entry: str, constants: str = "") -> str:
    """The modules as one script: each a scope of its own, behind those that it imports."""
    modules = "".join(_wrap(name) for name in (*_SHARED, entry))
    return f"(() => {{\n'use strict';\n{constants}{modules}}})();\n"


def _wrap(module: str) -> str:
    """A module as a constant of its name, which has what it exports."""
    text = _read(f"{module}.mjs")
    exports = ", ".join(name for _, name in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(r"const \1 = \2_module;", text))
    return f"const {module}_module = (() => {{\n{body}return {{ {exports} }};\n}})();\n"


def _hash(text: str) -> str:
    """What a policy names a script or a style by."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
