"""How the quality page looks: on a screen, a telephone and paper, in light and in the dark."""

STYLE = """
:root { color-scheme: light dark; --ink: #14202b; --soft: #5a6b7b; --faint: #8c9aa8; --page: #f4f6f8;
  --card: #ffffff; --rule: #dde3e9; --fill: #1f6fb2; --tint: #a9cbe6; --wash: #e3eef7; --look: #c25a00;
  --look-wash: #fbeadb; --notice: #801650; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #a7b4c0; --faint: #76838f;
  --page: #10161c; --card: #19222b; --rule: #2d3944; --fill: #63aee8; --tint: #2f5f86; --wash: #203244;
  --look: #f2a35e; --look-wash: #3d2a18; --notice: #a02869; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif; }
.notice { position: sticky; inset-block-start: 0; z-index: 2; margin: 0; padding: .5rem 1rem;
  background: var(--notice); color: #fff; font-weight: 600; text-align: center; }
header, main, footer { max-inline-size: 72rem; margin-inline: auto; padding-inline: 1.25rem; }
header { padding-block: 1.8rem .4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 .2rem; }
h3 { font-size: .95rem; margin: 0 0 .1rem; }
p { margin: .2rem 0 .6rem; }
.lead { color: var(--soft); max-inline-size: 60rem; }
.lead, .about { text-wrap: pretty; }
.about { color: var(--soft); font-size: .9rem; max-inline-size: 56rem; margin-block-end: 1rem; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px;
  padding: 1.2rem 1.3rem; margin-block: 1rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.8rem, 1fr)); gap: .7rem;
  padding: 0; margin: 1rem 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--rule); border-radius: 10px;
  padding: .75rem .9rem; }
.tiles b { display: block; font-size: 1.65rem; line-height: 1.15; font-weight: 650;
  font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: .85rem; display: block; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 2.4rem; }
.three { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.4rem 2rem; }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0 0 .7rem; padding: 0; list-style: none;
  font-size: .82rem; color: var(--soft); }
.key i { display: inline-block; inline-size: .8rem; block-size: .8rem; border-radius: 3px;
  margin-inline-end: .4rem; vertical-align: -.08rem; }
.key .full, .columns .full { background: var(--fill); }
.key .light, .columns .light { background: var(--tint); }
.key .due { inline-size: 2px; background: var(--look); border-radius: 0; }
.key .dot { border-radius: 50%; background: var(--fill); inline-size: .6rem; block-size: .6rem; }
.key .reach { inline-size: 1.4rem; block-size: 3px; background: var(--tint); vertical-align: .2rem; }
.plot .top { font-size: .78rem; color: var(--soft); border-block-end: 1px dashed var(--rule); }
.columns { display: flex; align-items: stretch; gap: 2px; block-size: 9rem; margin: 0; padding: 0;
  list-style: none; border-block-end: 1px solid var(--faint); }
.columns li { flex: 1 1 0; min-inline-size: 1px; display: flex; flex-direction: column; justify-content: flex-end; }
.columns i { display: block; }
.columns .light { border-radius: 2px 2px 0 0; }
.ends { display: flex; justify-content: space-between; gap: 1rem; font-size: .78rem; color: var(--soft);
  padding-block-start: .25rem; font-variant-numeric: tabular-nums; }
.lines { display: block; inline-size: 100%; block-size: 6.5rem; overflow: visible;
  border-block-end: 1px solid var(--faint); }
[dir=rtl] .lines { transform: scaleX(-1); }
.line { fill: none; stroke: var(--fill); stroke-width: 2; vector-effect: non-scaling-stroke;
  stroke-linejoin: round; }
.band { fill: var(--wash); }
.list { display: grid; gap: .5rem; margin: 0; padding: 0; list-style: none; }
.list li { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: .8rem; row-gap: .12rem; }
.list .name { overflow-wrap: anywhere; line-height: 1.35; }
.list .name small { color: var(--soft); display: block; line-height: 1.3; }
.list .count { font-variant-numeric: tabular-nums; text-align: end; white-space: nowrap; }
.list .count small { color: var(--soft); }
.list .bar { grid-column: 1 / -1; }
.bar { display: block; block-size: .5rem; background: var(--wash); border-radius: 4px; overflow: hidden; }
.bar i { display: block; block-size: 100%; background: var(--fill); border-radius: 4px; min-inline-size: 2px; }
.bar.beyond i { background: repeating-linear-gradient(135deg, var(--look) 0 5px, var(--fill) 5px 10px); }
.bar.empty i { min-inline-size: 0; }
.cells { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .6rem 2rem;
  margin: 0; padding: 0; list-style: none; }
.cells li { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: .8rem; row-gap: .12rem; }
.cells .bar { grid-column: 1 / -1; }
.tag { color: var(--look); font-weight: 600; white-space: nowrap; }
.dots { margin: 0; padding: 0; list-style: none; font-size: .82rem; font-variant-numeric: tabular-nums; }
.dots li { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr) 3.6rem; align-items: center;
  column-gap: .6rem; min-block-size: 1.4rem; }
.wide .dots li { grid-template-columns: minmax(6rem, 18rem) minmax(0, 1fr) 3.2rem; padding-block: .25rem;
  border-block-end: 1px solid var(--rule); }
.dots li > :first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.wide .dots li > :first-child { white-space: normal; line-height: 1.3; overflow-wrap: anywhere; }
.dots small { color: var(--soft); }
.wide .dots small { display: block; }
.name small, .wide .dots small { text-align: -webkit-match-parent; text-align: match-parent; }
.dots .value { text-align: end; }
.few { color: var(--faint); }
.strip { position: relative; display: block; block-size: 1.1rem; }
.strip::before { content: ""; position: absolute; inset-inline: 0; inset-block-start: 50%; block-size: 1px;
  background: var(--rule); }
.strip i { position: absolute; }
.strip .reach { inset-block-start: calc(50% - 1.5px); block-size: 3px; background: var(--tint); border-radius: 2px; }
.strip .dot { inline-size: .6rem; block-size: .6rem; margin-inline-start: -.3rem;
  inset-block-start: calc(50% - .3rem); border-radius: 50%; background: var(--fill); }
.strip .due { inset-block: 1px; inline-size: 2px; margin-inline-start: -1px; background: var(--look); opacity: .75; }
.strip.few .reach { background: var(--rule); }
.strip.few .dot { background: var(--card); border: 2px solid var(--faint); }
.axis { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr) 3.6rem; column-gap: .6rem; font-size: .75rem;
  color: var(--soft); }
.wide .axis { grid-template-columns: minmax(6rem, 18rem) minmax(0, 1fr) 3.2rem; }
.axis span { grid-column: 2; display: flex; justify-content: space-between; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; inline-size: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { text-align: start; padding: .4rem .7rem .4rem 0; border-block-end: 1px solid var(--rule); vertical-align: top; }
th { font-weight: 600; color: var(--soft); font-size: .8rem; }
td.day { white-space: nowrap; }
td.id { min-inline-size: 19rem; }
td.number, th.number { text-align: end; white-space: nowrap; }
code, .id { font: .82rem/1.4 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace; overflow-wrap: anywhere; }
.chips { display: flex; flex-wrap: wrap; gap: .25rem; }
.chips span { background: var(--look-wash); color: var(--ink); border-radius: 99px; padding: .02rem .55rem; font-size: .8rem; }
details { margin-block-start: .8rem; }
summary { cursor: pointer; color: var(--fill); font-size: .9rem; }
footer { color: var(--soft); font-size: .85rem; padding-block: .6rem 2.5rem; }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 30rem) { header, main, footer { padding-inline: .7rem; } section { padding: 1rem .9rem; }
  h1 { font-size: 1.4rem; } .tiles { grid-template-columns: 1fr 1fr; } .tiles b { font-size: 1.35rem; }
  .wide .dots li { grid-template-columns: minmax(0, 1fr) 3.2rem; } .wide .dots li .strip { grid-column: 1 / -1; grid-row: 2; }
  .wide .axis { grid-template-columns: minmax(0, 1fr); } .wide .axis span { grid-column: 1; }
  .stack thead { display: none; } .stack tr { display: block; border-block-end: 1px solid var(--rule); padding-block: .4rem; }
  td.id { min-inline-size: 0; }
  .stack td, .stack td.number { display: inline; border: 0; padding: 0; margin-inline-end: .9rem; text-align: start; }
  .stack td.id, .stack td:last-child { display: block; padding-block: .15rem; }
  .stack td[data-name]::before { content: attr(data-name) " "; color: var(--soft); } }
@media print { :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --soft: #444; --faint: #777;
    --rule: #ccc; --fill: #1f6fb2; --tint: #a9cbe6; --wash: #e3eef7; --look: #c25a00; --look-wash: #fbeadb; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 9.5pt; } h3 { font-size: 8.5pt; } .notice { position: static; } section { border: 0; border-block-start: 2px solid #000; border-radius: 0;
    padding: .6rem 0; } .tiles li { border-color: #999; } header, main, footer { padding-inline: 0; max-inline-size: none; }
  .tiles { grid-template-columns: repeat(4, 1fr); } .two { grid-template-columns: 1fr 1fr; }
  .three { grid-template-columns: repeat(3, 1fr); gap: .8rem 1.2rem; } .cells { grid-template-columns: repeat(3, 1fr); }
  .columns { block-size: 6rem; } .list { gap: .25rem; } .bar { block-size: .35rem; }
  .dots { font-size: 7pt; } .dots li { grid-template-columns: 4.6rem minmax(0, 1fr) 2.4rem; min-block-size: 1rem; }
  .strip { block-size: .9rem; } .axis { grid-template-columns: 4.6rem minmax(0, 1fr) 2.4rem; font-size: 6.5pt; }
  .wide .dots li, .wide .axis { grid-template-columns: 14rem minmax(0, 1fr) 2.4rem; }
  table { font-size: 8pt; } th, td { padding: .2rem .5rem .2rem 0; } td.id { min-inline-size: 0; font-size: 6.5pt; white-space: nowrap; }
  .chips span { background: none; padding: 0; font-size: 7.5pt; } .chips { column-gap: .7rem; }
  .tiles li, .list li, .cells li, .dots li, tr, .plot, .about { break-inside: avoid; }
  h2, h3, .about, .key, thead { break-after: avoid; } .three .panel { break-inside: avoid; }
  @page { size: A4; margin: 16mm 12mm 12mm; } }
"""


def printed_notice(notice: str) -> str:
    """The notice in the margin of every printed page."""
    plain = notice.replace("\\", "").replace('"', "\u201d").replace("<", "").replace("\n", " ")
    if not plain:
        return ""
    look = "font: bold 8pt Arial, sans-serif; color: #801650"
    return f'@page {{ @top-center {{ content: "{plain}"; {look} }} }}\n'
