"""How the page of a result looks: on a screen, dark and light, and on two sheets of paper."""

_PAGE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --soft: #f3f4f6;
  --line: #6b7280; --accent: #374151; --on: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f1f1f1; --paper: #15181c; --soft: #22272e; --line: #9ca3af; --accent: #d1d5db;
    --on: #111111; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.1875rem; line-height: 1.3; margin: 1.5rem 0 .25rem; }
.sheet > h2:first-child { font-size: 1.5rem; }
p, ul, ol { margin: .375rem 0; }
p, li, h1, h2 { unicode-bidi: plaintext; }
ul, ol { padding-inline-start: 1.5rem; }
li { margin: .25rem 0; }
@media print {
  :root { --ink: #000; --paper: #fff; --soft: #fff; --accent: #000; --on: #fff; }
  main { max-width: none; padding: 0; }
}
"""

SHEETS = """
.seek_care_now { --accent: #b00020; }
.see_doctor_soon { --accent: #7a4f00; }
.home_care { --accent: #1b6b3a; }
@media (prefers-color-scheme: dark) {
  .seek_care_now { --accent: #ff8a80; }
  .see_doctor_soon { --accent: #ffcc66; }
  .home_care { --accent: #7bd88f; }
}
.card { border: 3px solid var(--accent); border-radius: .75rem; overflow: hidden; }
.card header { background: var(--accent); color: var(--on); padding: .75rem 1rem; }
.card .words { padding: .5rem 1rem .75rem; }
.when { font-weight: 600; margin: 0; }
.card ol { font-size: 1.125rem; font-weight: 600; }
.say { border-inline-start: 4px solid var(--accent); background: var(--soft);
  padding: .5rem .75rem; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1rem;
  margin: 1rem 0; }
.fields p { margin: 0; border-bottom: 1px solid var(--line); padding-bottom: 1.5rem; }
.doctor { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; }
.doctor, .note { font-size: 1rem; }
@media print {
  @page { size: A4; margin: 9mm; }
  .seek_care_now, .see_doctor_soon, .home_care { --accent: #000; }
  body { font-size: 8.4pt; line-height: 1.24; }
  h1 { font-size: 15pt; }
  h2 { font-size: 9.5pt; margin: 4pt 0 1pt; break-after: avoid; }
  .card { break-inside: avoid; border-width: 2pt; }
  .card header { background: none; color: #000; padding: 5pt 8pt 0; }
  .card .words { padding: 2pt 8pt 5pt; }
  .card ol { font-size: 10pt; }
  .columns { columns: 2; column-gap: 8mm; }
  .columns li { break-inside: avoid; }
  p, ul, ol { margin: 1.5pt 0; }
  li { margin: 1pt 0; }
  .fields { grid-template-columns: repeat(4, 1fr); margin: 4pt 0; gap: 6mm; }
  .fields p { padding-bottom: 11pt; }
  .doctor { break-before: page; border: 0; margin: 0; padding: 0; font-size: 8.5pt; }
  .say { padding: 2pt 6pt; }
}
"""
"""What stands on them: the card, what to say, the fields to fill in by hand, the doctor's part."""

CSS = _PAGE + SHEETS
"""All of a page of its own."""
