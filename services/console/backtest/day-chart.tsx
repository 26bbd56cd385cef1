// Findings a day as bars, drawn by uPlot on a canvas, and the same figures as a table.
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useSpeech } from "../messages/language.tsx";
import { type DayCount, dayText, fillDays, worstDay } from "../model/day-span.ts";
import { ColumnHeads } from "../shell/column-heads.tsx";
import { usePreferences } from "../shell/preferences.tsx";

const HEIGHT_PX = 160;
const BAR_SHARE = 0.7;
const BAR_PX_MAX = 40;

export function DayChart({ days }: { readonly days: readonly DayCount[] }) {
  const { messages, formats, language } = useSpeech();
  const { theme } = usePreferences().preferences;
  const place = useRef<HTMLDivElement>(null);
  const filled = useMemo(() => fillDays(days), [days]);
  const texts = messages.backtest;
  const worst = worstDay(days);
  const sum = days.reduce((all, { findings }) => all + findings, 0);
  const caption = texts.chart(
    formats.number(days.length),
    formats.number(sum),
    formats.number(worst?.findings ?? 0),
    dayText(worst?.day ?? "", language),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew with the theme
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const drawn = drawDays(element, filled, language, formats.number);
    const observer = new ResizeObserver(() =>
      drawn.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [filled, theme, language, formats]);
  return (
    <figure className="chart">
      <div ref={place} className="chart-place" role="img" aria-label={caption} />
      <figcaption className="muted small">{caption}</figcaption>
      <details>
        <summary>{texts.asTable}</summary>
        <table className="data">
          <caption className="kern-sr-only">{caption}</caption>
          <ColumnHeads heads={[texts.day, { number: texts.hits }, { number: texts.findings }]} />
          <tbody>
            {days.map(({ day, hits, findings }) => (
              <tr key={day}>
                <th scope="row">{dayText(day, language)}</th>
                <td className="number tabular">{formats.number(hits)}</td>
                <td className="number tabular">{formats.number(findings)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** Places are numbered, so that every day is as wide as any other whatever the clocks do. */
function drawDays(
  element: HTMLElement,
  days: readonly DayCount[],
  language: "de" | "en",
  number: (value: number) => string,
): uPlot {
  const style = getComputedStyle(element);
  const axis = { stroke: style.color, grid: { stroke: style.borderTopColor, width: 1 } };
  const bars = uPlot.paths.bars?.({ size: [BAR_SHARE, BAR_PX_MAX] });
  return new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT_PX,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [-0.5, Math.max(0, days.length - 1) + 0.5] },
        y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] },
      },
      axes: [
        {
          ...axis,
          size: 30,
          incrs: [1, 2, 5, 7, 14, 30, 60, 90],
          space: 80,
          values: (_plot, ticks) =>
            ticks.map((at) => dayText(days[at]?.day ?? "", language).slice(0, 6)),
        },
        {
          ...axis,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000, 100_000],
          values: (_plot, ticks) => ticks.map(number),
        },
      ],
      series: [
        {},
        {
          stroke: style.caretColor,
          fill: style.caretColor,
          points: { show: false },
          ...(bars === undefined ? {} : { paths: bars }),
        },
      ],
    },
    [days.map((_one, at) => at), days.map(({ findings }) => findings)],
    element,
  );
}
