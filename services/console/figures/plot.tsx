// Series of figures drawn by uPlot on a canvas, with the same figures as a table behind the picture. Points
// are numbered, so that a month is as wide as any other and no change of the clocks shows.
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useSpeech } from "../messages/language.tsx";
import { type AxisUnit, axisSteps, stacked } from "../model/figure-text.ts";
import type { PlotLine } from "../model/plot-line.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { usePreferences } from "../shell/preferences.tsx";

interface PlotProps {
  /** What the picture shows, for those who don't see it. */
  readonly label: string;
  /** What stands below each point, and in the first column of the table. */
  readonly points: readonly string[];
  /** Head of the first column; left out: they are spans of time. */
  readonly pointHead?: string | undefined;
  /** What stands in the table instead, where the axis has no room for it. */
  readonly rows?: readonly string[];
  readonly lines: readonly PlotLine[];
  readonly unit: AxisUnit;
  readonly format: (value: number) => string;
  /** Shorter, beside the axis. */
  readonly axisFormat: (value: number) => string;
  readonly isStacked?: boolean;
  readonly heightPx?: number;
  /** Names of the lines below the picture; with one line there is no need. */
  readonly hasKey?: boolean;
}

const HEIGHT_PX = 150;
const PRINTED_WIDTH_PX = 200;
const PRINTED_HEIGHT_PX = 110;
const POINTS_SHOWN_MAX = 24;
const AXIS_PX = 54;
/** Numbers with a unit of three letters. */
const WIDE_AXIS_PX = 66;
/** Of the tones in figures.css; further lines begin anew with another dash. */
const TONES = 6;
/** More lines can't be told apart; all are in the table. */
const DRAWN_MAX = 12;
const TICK_PX = 56;
const BAR_SHARE = 0.7;
const BAR_PX_MAX = 40;

export function Plot(props: PlotProps) {
  const { label, points, lines, hasKey = lines.length > 1 } = props;
  const { messages, formats } = useSpeech();
  const { preferences, isPrinting } = usePreferences();
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  // Figures that are the same are not drawn anew because a parent was.
  const content = useMemo(
    () => JSON.stringify([points, lines, props.isStacked]),
    [points, lines, props.isStacked],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew with the theme and on paper
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null || latest.current.points.length === 0) return;
    const drawn = draw(element, latest.current, isPrinting);
    const observer = new ResizeObserver(() => {
      if (!isPrinting)
        drawn.setSize({ width: element.clientWidth, height: latest.current.heightPx ?? HEIGHT_PX });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [content, preferences.theme, formats, isPrinting]);
  return (
    <figure className="plot">
      <div ref={place} className="plot-place" role="img" aria-label={label} />
      {hasKey && (
        <ul className="plot-key" aria-hidden="true">
          {lines.slice(0, DRAWN_MAX).map((line, at) => (
            <li key={line.label}>
              <span className={`plot-sample plot-${line.look} tone-${toneOf(line, at)}`} />
              <HostileText text={line.label} />
            </li>
          ))}
          {lines.length > DRAWN_MAX && <li>{messages.boards.more(lines.length - DRAWN_MAX)}</li>}
        </ul>
      )}
      <PlotTable {...props} />
    </figure>
  );
}

function PlotTable(props: PlotProps) {
  const { messages } = useSpeech();
  // Hundreds of points of many lines are made when somebody looks.
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="plot-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{messages.figures.asTable}</summary>
      {isOpen && <Rows {...props} />}
    </details>
  );
}

function Rows({ label, points, pointHead, rows = points, lines, format }: PlotProps) {
  const { messages } = useSpeech();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keys
    <section className="plot-rows" tabIndex={0} aria-label={label}>
      <table className="data">
        <caption className="kern-sr-only">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{pointHead ?? messages.figures.point}</th>
            {lines.map((line) => (
              <th key={line.label} scope="col" className="number">
                <HostileText text={line.label} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two points may have the same words
            <tr key={at}>
              <th scope="row">
                <HostileText text={row} />
              </th>
              {lines.map((line) => (
                <td key={line.label} className="number tabular">
                  {textOf(line.values[at], format, messages.common.none)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function textOf(
  value: number | null | undefined,
  format: (value: number) => string,
  none: string,
): string {
  return value === null || value === undefined ? none : format(value);
}

function toneOf({ tone }: PlotLine, at: number): number {
  return tone ?? at % TONES;
}

/** A share is drawn up to the whole. */
function topOf(high: number, unit: AxisUnit): number {
  if (unit === "share" && high <= 1) return 1.05;
  return high > 0 ? high * 1.1 : 1;
}

function draw(element: HTMLElement, props: PlotProps, isPrinting: boolean): uPlot {
  const { points, unit, isStacked = false, heightPx = HEIGHT_PX } = props;
  const lines = props.lines.slice(0, DRAWN_MAX);
  const style = getComputedStyle(element);
  const axis = {
    stroke: style.color,
    grid: { stroke: style.borderTopColor, width: 1 },
    font: `12px ${style.fontFamily}`,
  };
  const axisPx = unit === "bytes" || unit === "perSecond" ? WIDE_AXIS_PX : AXIS_PX;
  const data = placed(lines, points.length, isStacked);
  const last = Math.max(0, data.places - 1);
  const edge = data.hasBars || last === 0 ? 0.5 : 0;
  return new uPlot(
    {
      width: isPrinting ? PRINTED_WIDTH_PX : element.clientWidth,
      height: isPrinting ? PRINTED_HEIGHT_PX : heightPx,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 20, 0, 0],
      scales: {
        x: { time: false, range: () => [-edge, last + edge] },
        y: { range: (_plot, _low, high) => [0, topOf(high, unit)] },
      },
      axes: [
        {
          ...axis,
          size: 28,
          splits: (plot) => ticksOf(points.length, data, plot.width - axisPx),
          values: (_plot, ticks) =>
            ticks.map((tick) => points[Math.floor(tick / data.perPoint)] ?? ""),
        },
        {
          ...axis,
          size: axisPx,
          incrs: [...axisSteps(unit)],
          values: (_plot, ticks) => ticks.map((value) => props.axisFormat(value)),
        },
      ],
      series: [{}, ...data.order.map((at) => seriesOf(lines, at, points.length, style))],
    },
    [
      Array.from({ length: data.places }, (_one, at) => at),
      ...data.order.map((at) => [...(data.values[at] ?? [])]),
    ],
    element,
  );
}

function seriesOf(
  lines: readonly PlotLine[],
  at: number,
  points: number,
  style: CSSStyleDeclaration,
): uPlot.Series {
  const line = lines[at];
  if (line === undefined) return {};
  const tone = style.getPropertyValue(`--tone-${toneOf(line, at)}`).trim();
  const bars = uPlot.paths.bars?.({ size: [BAR_SHARE, BAR_PX_MAX] });
  const isDashed = line.look === "dashed" || at >= TONES;
  return {
    stroke: tone,
    width: 2,
    spanGaps: false,
    points: { show: line.look === "line" && points <= POINTS_SHOWN_MAX, size: 5, fill: tone },
    ...(isDashed ? { dash: [6, 4] } : {}),
    ...(line.look === "bars" || line.look === "area" ? { fill: tone } : {}),
    ...(line.look === "bars" && bars !== undefined ? { paths: bars } : {}),
  };
}

interface Placed {
  readonly values: readonly (readonly (number | null)[])[];
  /** In which lines are drawn: of stacked ones the topmost first, so that the others lie before it. */
  readonly order: readonly number[];
  readonly places: number;
  readonly perPoint: number;
  readonly hasBars: boolean;
}

/** Several bars of a point stand side by side, each in a place of its own, with one left free. */
function placed(lines: readonly PlotLine[], points: number, isStacked: boolean): Placed {
  const order = lines.map((_line, at) => at);
  const bars = lines.filter(({ look }) => look === "bars");
  const hasBars = bars.length > 0;
  if (isStacked) {
    const values = stacked(lines.map((line) => line.values));
    return { values, order: order.toReversed(), places: points, perPoint: 1, hasBars };
  }
  if (bars.length < 2) {
    const values = lines.map((line) => line.values);
    return { values, order, places: points, perPoint: 1, hasBars };
  }
  const perPoint = bars.length + 1;
  const places = points * perPoint;
  const values = lines.map((line) => {
    const own = bars.indexOf(line);
    return Array.from({ length: places }, (_one, place) => {
      const isOwn = own === -1 || place % perPoint === own;
      return isOwn ? (line.values[Math.floor(place / perPoint)] ?? null) : null;
    });
  });
  return { values, order, places, perPoint, hasBars };
}

/** As many marks as there is room for, each below the middle of its point. */
function ticksOf(points: number, { perPoint }: Placed, widthPx: number): number[] {
  const stride = Math.max(1, Math.ceil((points * TICK_PX) / Math.max(TICK_PX, widthPx)));
  const middle = perPoint === 1 ? 0 : Math.floor((perPoint - 2) / 2);
  return Array.from(
    { length: Math.ceil(points / stride) },
    (_one, at) => at * stride * perPoint + middle,
  );
}
