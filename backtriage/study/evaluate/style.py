"""How the HTML page looks: light or dark as the reader's screen is, and on paper."""

_SHADES = "\n".join(
    f".h{step} {{ background: color-mix(in srgb, var(--mark) {step * 8}%, var(--paper)); }}"
    for step in range(10)
)

CSS = f"""
:root {{
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1a1a1a; --line: #767676; --right: #2f7d4f; --wrong: #b3541e;
  --bar: #4a7ab5; --all: #e4e4e4;
}}
@media (prefers-color-scheme: dark) {{
  :root {{
    --paper: #16181c; --ink: #eceff3; --line: #8a9099; --right: #3d8f5f; --wrong: #b8602f;
    --bar: #6c9bd2; --all: #33373d;
  }}
}}
body {{
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; margin: 0;
}}
main {{ max-width: 75rem; margin: 0 auto; padding: 1rem; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; margin: 1rem 0; }}
caption {{ text-align: left; font-weight: bold; padding: 0.3rem 0; }}
th, td {{
  border: 1px solid var(--line); padding: 0.25rem 0.6rem; text-align: right; vertical-align: top;
}}
th[scope="row"], .words {{ text-align: left; }}
td p {{ margin: 0 0 0.3rem; }}
.people {{ table-layout: fixed; width: 100%; min-width: 55rem; font-size: 0.9rem; }}
.people td, .told th, .people th {{ text-align: left; }}
main > p, h1, h2, .people td, .people th {{ overflow-wrap: anywhere; }}
.people th:nth-child(1) {{ width: 7rem; }}
.people th:nth-child(2) {{ width: 11rem; }}
.people th:nth-child(3) {{ width: 40%; }}
.right {{ --mark: var(--right); }}
.wrong {{ --mark: var(--wrong); }}
{_SHADES}
svg .all {{ fill: var(--all); }}
svg .bar {{ fill: var(--bar); }}
svg .reach {{ stroke: var(--ink); stroke-width: 2; }}
@media print {{
  :root {{ --paper: #ffffff; --ink: #000000; }}
  section {{ break-inside: auto; }}
  tr {{ break-inside: avoid; }}
  .wide {{ overflow: visible; }}
  .people {{ min-width: 0; }}
  * {{ print-color-adjust: exact; }}
}}
"""
