"""The look of the pages: system fonts, light and dark, and a version for paper."""

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1e2028; --soft: #5c6270; --line: #e2dfd8;
  --accent: #30629f; --mark: #c0392b; --good: #1f7a4d; --bad: #b03a2e;
  --s0: #98a1b0; --s1: #7a68ae; --s2: #30629f; --s3: #2c9486; --s4: #dd9a33; --s5: #c4573f;
  --s6: #93a64b; --s7: #cfcac0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171c; --card: #1c1f26; --ink: #eceae4; --soft: #a2a8b4; --line: #31353f;
    --accent: #78aae6; --mark: #f08070; --good: #6fcf97; --bad: #f08070;
    --s0: #788192; --s1: #a592dc; --s2: #78aae6; --s3: #56bdae; --s4: #edb75c; --s5: #e78468;
    --s6: #b5c76e; --s7: #4c515c;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 920px; margin: 0 auto; padding: 56px 24px 72px; }
.over { margin: 0; color: var(--soft); font-size: 14px; letter-spacing: .02em; }
h1 { margin: 6px 0 4px; font-size: 34px; line-height: 1.2; font-weight: 650;
  letter-spacing: -.015em; overflow-wrap: anywhere; text-wrap: balance; white-space: pre-line; }
h2 { margin: 52px 0 4px; font-size: 20px; line-height: 1.3; font-weight: 650;
  letter-spacing: -.005em; }
p { margin: 6px 0; max-width: 68ch; }
.soft { color: var(--soft); }
.figures { display: flex; flex-wrap: wrap;
  gap: 1px; margin: 32px 0 10px; background: var(--line); border: 1px solid var(--line);
  border-radius: 10px; overflow: hidden; }
.figures div { flex: 1 1 150px; display: flex; flex-direction: column;
  justify-content: space-between; background: var(--card); padding: 16px 18px 14px; }
.figures dt { color: var(--soft); font-size: 13px; line-height: 1.35; }
.figures dd { margin: 2px 0 0; font-size: 27px; line-height: 1.25; font-weight: 650;
  letter-spacing: -.02em; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures .first dd { color: var(--accent); }
figure { margin: 14px 0 0; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
svg { display: block; width: 100%; min-width: 560px; height: auto; overflow: visible;
  font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
svg text { fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .axis { fill: var(--soft); font-size: 12px; }
svg .value { font-weight: 600; }
svg .point { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; }
svg .grid { stroke: var(--line); }
svg .real { stroke: var(--mark); stroke-dasharray: 3 3; }
svg .spread { stroke: var(--ink); stroke-width: 1.5; }
svg .bar, svg .dot { fill: var(--accent); }
svg .bar.other { fill: var(--s4); }
svg .hollow { fill: var(--paper); stroke: var(--accent); stroke-width: 2; }
.s0 { fill: var(--s0); } .s1 { fill: var(--s1); } .s2 { fill: var(--s2); }
.s3 { fill: var(--s3); } .s4 { fill: var(--s4); } .s5 { fill: var(--s5); }
.s6 { fill: var(--s6); } .s7 { fill: var(--s7); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0 0; padding: 0;
  list-style: none; font-size: 14px; }
.legend svg { display: inline-block; width: 11px; min-width: 0; height: 11px; margin-right: 7px; }
table { width: 100%; margin: 22px 0 0; border-collapse: collapse; font-size: 14px;
  line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { padding: 0 0 8px; color: var(--soft); font-size: 14px; text-align: left; }
th, td { padding: 7px 0 7px 18px; border-bottom: 1px solid var(--line); text-align: right;
  vertical-align: baseline; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
td.words { text-align: left; white-space: normal; }
thead th { color: var(--soft); font-weight: 500; vertical-align: bottom; }
tbody th { max-width: 300px; overflow: hidden; text-overflow: ellipsis; font-weight: 500; }
.good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
ul.notes { margin: 10px 0 0; padding-left: 20px; font-size: 15px; overflow-wrap: anywhere; }
dl.facts { display: grid; grid-template-columns: fit-content(30%) minmax(0, 1fr); gap: 6px 24px;
  margin: 14px 0 0; font-size: 15px; }
dl.facts dt { color: var(--soft); overflow-wrap: anywhere; }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.command span { display: inline-block; }
@media (max-width: 560px) {
  main { padding: 32px 16px 48px; } h1 { font-size: 27px; }
  dl.facts { grid-template-columns: 1fr; gap: 0; } dl.facts dd { margin-bottom: 10px; }
}
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #ccc; }
  body { font-size: 11pt; } main { max-width: none; padding: 0; }
  figure, table, .figures { break-inside: avoid; } h2 { break-after: avoid; margin-top: 28px; }
  .scroll { overflow: visible; } svg { min-width: 0; } table { font-size: 7pt; }
  h1 { font-size: 22pt; } .figures div { flex-basis: 100px; padding: 10px 12px; }
  .figures dt { font-size: 9pt; } .figures dd { font-size: 15pt; }
  th, td { padding: 3px 0 3px 7px; }
}
"""
