// Series of figures drawn by uPlot on a canvas, with the same figures as a table behind the picture. Points
// are numbered, so that a month is as wide as any other and no change of the clocks shows.
import { useLayoutEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useSpeech } from "../messages/language.tsx";
import { type AxisUnit, axisSteps, axisText, stacked } from "../model/figure-text.ts";
import { usePreferences } from "../shell/preferences.tsx";

export interface PlotLine {
  readonly label: string;
  /** One a point; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly look: "line" | "dashed" | "bars";
  /** Of TONES; left out: that of its place. */
  readonly tone?: number;
}

interface PlotProps {
  /** What the picture shows, for those who don't see it. */
  readonly label: string;
  /** What stands below each point, and in the first column of the table. */
  readonly points: readonly string[];
  /** What stands in the table instead, where the axis has no room for it. */
  readonly rows?: readonly string[];
  readonly lines: readonly PlotLine[];
  readonly unit: AxisUnit;
  readonly format: (value: number) => string;
  readonly isStacked?: boolean;
  readonly heightPx?: number;
  /** Names of the lines below the picture; with one line there is no need. */
  readonly hasKey?: boolean;
}

const HEIGHT_PX = 150;
const PRINTED_WIDTH_PX = 200;
const PRINTED_HEIGHT_PX = 110;
const POINTS_SHOWN_MAX = 24;
const AXIS_PX = 46;
/** Of the tones in figures.css; further lines begin anew with another dash. */
const TONES = 6;
const BAR_SHARE = 0.7;
const BAR_PX_MAX = 40;

export function Plot(props: PlotProps) {
  const { label, points, lines, hasKey = lines.length > 1 } = props;
  const { formats } = useSpeech();
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
          {lines.map((line, at) => (
            <li key={line.label}>
              <span className={`plot-sample plot-${line.look} tone-${toneOf(line, at)}`} />
              {line.label}
            </li>
          ))}
        </ul>
      )}
      <PlotTable {...props} />
    </figure>
  );
}

function PlotTable({ label, points, rows = points, lines, format }: PlotProps) {
  const { messages } = useSpeech();
  return (
    <details className="plot-table">
      <summary>{messages.figures.asTable}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keys */}
      <section className="plot-rows" tabIndex={0} aria-label={label}>
        <table className="data">
          <caption className="kern-sr-only">{label}</caption>
          <thead>
            <tr>
              <th scope="col">{messages.figures.point}</th>
              {lines.map((line) => (
                <th key={line.label} scope="col" className="number">
                  {line.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two points may have the same words
              <tr key={at}>
                <th scope="row">{row}</th>
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
    </details>
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
  return (tone ?? at) % TONES;
}

/** A share is drawn up to the whole. */
function topOf(high: number, unit: AxisUnit): number {
  if (unit === "share" && high <= 1) return 1.05;
  return high > 0 ? high * 1.1 : 1;
}

function draw(element: HTMLElement, props: PlotProps, isPrinting: boolean): uPlot {
  const { points, lines, unit, isStacked = false, heightPx = HEIGHT_PX } = props;
  const style = getComputedStyle(element);
  const axis = {
    stroke: style.color,
    grid: { stroke: style.borderTopColor, width: 1 },
    font: `12px ${style.fontFamily}`,
  };
  const values = isStacked
    ? stacked(lines.map((line) => line.values))
    : lines.map((line) => line.values);
  const tone = (line: PlotLine, at: number) =>
    style.getPropertyValue(`--tone-${toneOf(line, at)}`).trim();
  const bars = uPlot.paths.bars?.({ size: [BAR_SHARE, BAR_PX_MAX] });
  const last = Math.max(0, points.length - 1);
  const hasBars = lines.some(({ look }) => look === "bars");
  const edge = hasBars || last === 0 ? 0.5 : 0;
  const isCrowded = points.length > POINTS_SHOWN_MAX;
  return new uPlot(
    {
      width: isPrinting ? PRINTED_WIDTH_PX : element.clientWidth,
      height: isPrinting ? PRINTED_HEIGHT_PX : heightPx,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 12, 0, 0],
      scales: {
        x: { time: false, range: () => [-edge, last + edge] },
        y: { range: (_plot, _low, high) => [0, topOf(high, unit)] },
      },
      axes: [
        {
          ...axis,
          size: 28,
          incrs: [1, 2, 3, 4, 6, 12, 24, 48, 96, 240, 480],
          space: 56,
          values: (_plot, ticks) => ticks.map((at) => points[at] ?? ""),
        },
        {
          ...axis,
          size: AXIS_PX,
          incrs: [...axisSteps(unit)],
          values: (_plot, ticks) => ticks.map((value) => axisText(value, unit, props.format)),
        },
      ],
      series: [
        {},
        ...lines.map((line, at) => ({
          stroke: tone(line, at),
          width: 2,
          spanGaps: false,
          points: { show: line.look === "line" && !isCrowded, size: 5, fill: tone(line, at) },
          ...(line.look === "dashed" ? { dash: [6, 4] } : {}),
          ...(line.look === "bars"
            ? { fill: tone(line, at), ...(bars === undefined ? {} : { paths: bars }) }
            : {}),
        })),
      ],
    },
    [points.map((_one, at) => at), ...values.map((all) => [...all])],
    element,
  );
}
