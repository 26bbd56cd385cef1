// Style of the scan report: system fonts, light and dark, contrast of at least 4.5 : 1, prints well.
export const reportStyle = `
:root{color-scheme:light dark;--ink:#171a1c;--paper:#fff;--soft:#f2f4f6;--line:#c3cad1;--mark:#ffe58a;
--critical:#a3002d;--high:#b23c00;--medium:#7a5b00;--low:#1f5f8b;--informational:#50585f}
@media (prefers-color-scheme:dark){:root{--ink:#eceff1;--paper:#15181a;--soft:#1f2427;--line:#434b52;--mark:#6b5600;
--critical:#ff8fa8;--high:#ffab7d;--medium:#eecb61;--low:#8cc4f0;--informational:#b4bdc5}}
body{overflow-wrap:anywhere;margin:0 auto;max-width:70rem;padding:1.5rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,"DejaVu Sans",sans-serif}
h1{font-size:1.6rem;margin:0}h2{font-size:1.25rem;margin:2rem 0 .5rem}h3{font-size:1.05rem;margin:0}h4{margin:.75rem 0 0}
.facts{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}.facts div{background:var(--soft);padding:.5rem 1rem}
dt{font-size:.85rem}dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}
article{border-top:1px solid var(--line);padding:1rem 0}.meta{margin:.25rem 0;font-size:.9rem}
.level{font-size:.85rem;border:2px solid currentColor;padding:0 .4rem;margin-right:.4rem}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}
.informational{color:var(--informational)}
.attack{display:flex;flex-wrap:wrap;gap:.4rem;padding:0;list-style:none}.attack li{background:var(--soft);padding:0 .5rem;font-size:.85rem}
table{border-collapse:collapse;width:100%;table-layout:fixed;margin:.5rem 0;font-size:.85rem}
caption{text-align:left;font-weight:600;overflow-wrap:anywhere}
th,td{border-bottom:1px solid var(--line);padding:.2rem .4rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{width:16rem;font-weight:400}td{font-family:ui-monospace,"DejaVu Sans Mono",monospace}
.matched th{font-weight:700}mark{background:var(--mark);color:inherit}
.picture{overflow-x:auto}svg{width:100%;min-width:52rem;height:auto;background:var(--soft)}
.lane a:hover text{text-decoration:underline}svg .grid{stroke:var(--line);stroke-width:1}
.minor>summary{font-size:1.05rem;font-weight:700;padding:1rem 0;border-top:1px solid var(--line);cursor:pointer}
svg text{font-size:12px;fill:var(--ink)}
.lane line{stroke:currentColor;stroke-width:3}.lane circle{fill:currentColor}.axis.end{text-anchor:end}.axis.middle{text-anchor:middle}
@media (max-width:48rem){th{width:38%}}
@media print{details::details-content{content-visibility:visible;block-size:auto}svg{min-width:0}article{break-inside:avoid-page}}
`;
