// How a report looks on a screen and from a browser's printer: the colours of report.typ, every text at
// least 4.5 : 1 on its ground, readable on a telephone.

export const HTML_STYLE = `
:root { color-scheme: light; --ink: #1a1f26; --accent: #17406d; --muted: #4b5560; --rule: #aab3bd;
  --pale: #eef2f6; --met: #1f6b33; --near: #7a4e00; --missed: #a01020; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1rem 1.25rem 3rem; color: var(--ink); background: #fff;
  font: 1rem/1.5 "Source Sans 3", "Segoe UI", Roboto, Arial, sans-serif; overflow-wrap: anywhere; hyphens: auto; }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: #fff; z-index: 1; }
header { border-bottom: 2px solid var(--accent); padding: 1.5rem 0 1rem; }
h1, h2, h3 { color: var(--accent); line-height: 1.2; }
h1 { font-size: clamp(1.5rem, 6.5vw, 2.1rem); margin: .5rem 0; }
h2 { font-size: 1.5rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.15rem; margin: 1.75rem 0 .5rem; }
.tenant, .period { font-weight: 600; margin: .25rem 0; }
.subtitle { font-size: 1.15rem; margin: .25rem 0; }
.mark { display: inline-block; border: 2px solid var(--missed); color: var(--missed); font-weight: 600; padding: .2rem .6rem; }
dl { display: grid; grid-template-columns: minmax(9rem, 16rem) 1fr; gap: .2rem 1rem; font-size: .95rem; }
dt { font-weight: 600; } dd { margin: 0; }
nav ul { list-style: none; padding: 0; columns: 22rem 2; }
code, pre { font-family: "Source Code Pro", Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; hyphens: manual; }
pre { background: var(--pale); padding: .75rem 1rem; white-space: pre-wrap; }
.scroll { overflow-x: auto; margin: 1rem 0 .25rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; font-variant-numeric: tabular-nums lining-nums; border-top: 2px solid var(--accent); border-bottom: 1px solid var(--accent); }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { overflow-wrap: normal; text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid #d3d9df; }
thead th { background: var(--pale); border-bottom: 1px solid var(--accent); vertical-align: bottom; }
.right { text-align: right; } .center { text-align: center; } .empty { color: var(--muted); }
.under { color: var(--muted); font-size: .9rem; margin: 0 0 1.5rem; }
.note { border-left: 4px solid var(--accent); background: var(--pale); padding: .6rem 1rem; margin: 1rem 0; }
.note p { margin: 0; } .note-title { font-weight: 600; color: var(--accent); }
.note.success { border-color: var(--met); } .note.success .note-title { color: var(--met); }
.note.warning { border-color: var(--near); } .note.warning .note-title { color: var(--near); }
.note.danger { border-color: var(--missed); } .note.danger .note-title { color: var(--missed); }
.tiles { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .75rem; }
.tiles li { border: 1px solid var(--rule); border-top: 3px solid var(--accent); padding: .6rem .8rem; }
.tiles p { margin: .15rem 0; } .label { font-weight: 600; } .muted { color: var(--muted); }
.value { font-size: 1.7rem; font-weight: 600; color: var(--accent); line-height: 1.2; font-variant-numeric: lining-nums; }
.light { font-weight: 600; } .met { color: var(--met); } .near { color: var(--near); } .missed { color: var(--missed); } .unknown { color: var(--muted); }
.command { font-size: .85rem; color: var(--muted); }
figure { margin: 1rem 0; } figcaption { font-weight: 600; } figure svg { width: 100%; height: auto; max-width: 48rem; }
footer { border-top: 1px solid var(--rule); margin-top: 3rem; color: var(--muted); font-size: .9rem; }
@media (max-width: 40rem) { dl { display: block; } dd { margin: 0 0 .5rem; } }
@page { size: A4; margin: 22mm 20mm 20mm 25mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .skip { display: none; }
  .scroll { overflow: visible; }
  .starts-page, .page-break { break-before: page; }
  h2, h3, caption { break-after: avoid; }
  table { font-size: 8.5pt; }
  th, td { padding: .2rem .3rem; }
  tr, .tiles li, .note, figure { break-inside: avoid; }
  thead { display: table-header-group; }
}
`;
