"""How the page of a result looks: on a screen, dark and light, and on two sheets of paper."""

_PAGE = """
:root { --ink: #1a1a1a; --paper: #ffffff; --soft: #f3f4f6; --line: #6b7280; --accent: #374151;
  --on: #ffffff; }
@supports (color: light-dark(red, red)) {
  :root { color-scheme: light dark; --ink: light-dark(#1a1a1a, #f1f1f1);
    --paper: light-dark(#ffffff, #15181c); --soft: light-dark(#f3f4f6, #22272e);
    --line: light-dark(#6b7280, #9ca3af); --accent: light-dark(#374151, #d1d5db);
    --on: light-dark(#ffffff, #111111); }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1.0625em/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-inline-size: 43em; margin-inline: auto; padding: 1em min(1em, 5%); }
h1 { font-size: min(1.65em, 12vi); line-height: 1.2; margin-block: 0 .15em; }
h2 { font-size: 1.12em; line-height: 1.3; margin-block: 1.25em .2em; }
.sheet > h2:first-child { font-size: 1.4em; }
p, ul, ol { margin-block: .35em; }
p, li, h1, h2 { unicode-bidi: plaintext; }
ul, ol { padding-inline-start: 1.4em; }
li { margin-block: .25em; }
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #fff; --accent: #000;
    --on: #fff; }
  main { max-inline-size: none; padding: 0; }
}
"""

SHEETS = """
.seek_care_now { --accent: #b00020; }
.see_doctor_soon { --accent: #7a4f00; }
.home_care { --accent: #1b6b3a; }
@supports (color: light-dark(red, red)) {
  .seek_care_now { --accent: light-dark(#b00020, #ff8a80); }
  .see_doctor_soon { --accent: light-dark(#7a4f00, #ffcc66); }
  .home_care { --accent: light-dark(#1b6b3a, #7bd88f); }
}
.card { border: 3px solid var(--accent); border-radius: .65em; overflow: hidden; }
.card header { background: var(--accent); color: var(--on); padding: .65em .9em; }
.card .words { padding: .45em .9em .65em; }
.when { font-weight: 600; margin: 0; }
.card ol { font-size: 1.05em; font-weight: 600; }
.say { border-inline-start: .22em solid var(--accent); background: var(--soft);
  padding: .45em .65em; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(12em, 1fr)); gap: .9em;
  margin-block: .9em; }
.fields p { margin: 0; border-block-end: 1px solid var(--line); padding-block-end: 1.4em; }
.paper { display: none; }
.doctor { border-block-start: 1px solid var(--line); margin-block-start: 1.8em;
  padding-block-start: .9em; font-size: .94em; }
@media print {
  @page { size: A4; margin: 9mm; }
  .seek_care_now, .see_doctor_soon, .home_care { --accent: #000; }
  body { font-size: 10pt; line-height: 1.25; }
  h1 { font-size: 16pt; }
  h2 { font-size: 11pt; margin-block: 4pt 1pt; break-inside: avoid; break-after: avoid; }
  .card { break-inside: avoid; border-width: 2pt; }
  .card header { background: none; color: #000; padding: 5pt 8pt 0; }
  .card .words { padding: 2pt 8pt 5pt; }
  .card ol { font-size: 11pt; }
  .columns { columns: 2; column-gap: 8mm; }
  .columns li { break-inside: avoid; }
  p, ul, ol { margin-block: 1.5pt; }
  ul, ol { padding-inline-start: 12pt; }
  li { margin-block: 1pt; }
  .screen { display: none; }
  .paper { display: block; font-weight: 600; }
  .fields { grid-template-columns: repeat(4, 1fr); margin-block: 4pt; gap: 6mm; }
  .fields p { padding-block-end: 12pt; }
  .doctor { break-before: page; border: 0; margin: 0; padding: 0; font-size: 8.5pt; }
  .doctor .small { font-size: 7.5pt; line-height: 1.2; columns: 2; column-gap: 8mm; }
  .doctor .tiny { font-size: 6.5pt; }
  .doctor .small h2 { column-span: all; }
  .say { padding: 2pt 6pt; }
}
"""
"""What stands on them: the card, what to say, the fields to fill in by hand, the doctor's part."""

CSS = _PAGE + SHEETS
"""All of a page of its own."""
