"""The colours of a picture, for light and for dark.

Programs that know no `prefers-color-scheme` show the light ones. Every text has a contrast of 4.5
to 1 or more to what it stands on (WCAG 2.2, level AA).
"""

CSS = """
text { fill: #1b2530 }
text { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
.code { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }
.bold { font-weight: 600 }
.faint { fill: #4a5868 }
.paper { fill: #ffffff }
.panel { fill: #f3f6f9; stroke: #c3ccd6 }
.question { fill: #ffffff; stroke: #66768a }
.borrowed { fill: #f3f6f9; stroke: #66768a; stroke-dasharray: 5 3 }
.now { fill: #fde3e1; stroke: #b3261e }
.days { fill: #fdeccd; stroke: #9a5b00 }
.weeks { fill: #dcecf9; stroke: #1f6390 }
rect { stroke-width: 1.3 }
.curve { fill: none; stroke-width: 1.5; stroke-opacity: 0.75 }
.follow-up { stroke: #66768a; stroke-dasharray: 2 4; stroke-linecap: round }
.tip { fill: #66768a }
.curve:hover, .flag:hover .curve { stroke-width: 3.5; stroke-opacity: 1 }
.flag:hover rect { stroke-width: 2.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6ebf0 }
  .faint { fill: #aab6c3 }
  .paper { fill: #12171d }
  .panel { fill: #1a2129; stroke: #3a4653 }
  .question { fill: #232c36; stroke: #8a9aac }
  .borrowed { fill: #1a2129; stroke: #8a9aac }
  .now { fill: #4a1714; stroke: #ff8a80 }
  .days { fill: #43300d; stroke: #ffc161 }
  .weeks { fill: #12344a; stroke: #7cc4f5 }
  .follow-up { stroke: #aab6c3 }
  .tip { fill: #aab6c3 }
  .curve { fill: none }
}
"""
