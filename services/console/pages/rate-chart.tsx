// Events per second over the last minutes, drawn by uPlot on a canvas; the figures above say the newest.
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useSpeech } from "../messages/language.tsx";
import { usePreferences } from "../shell/preferences.tsx";
import type { RateValue } from "./status-page.tsx";

const HEIGHT_PX = 180;
/** The line grows into a fixed span, so that it does not change its scale while one looks. */
const SPAN_S = 600;

export function RateChart({ values }: { readonly values: readonly RateValue[] }) {
  const { messages, formats } = useSpeech();
  const { theme } = usePreferences().preferences;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read anew with the theme
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const axis = { stroke: style.color, grid: { stroke: style.borderTopColor, width: 1 } };
    const drawn = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT_PX,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          // uPlot widens the span of a single value, so the newest one is asked for itself.
          x: {
            range: (chart, _low, high) => {
              const newest = chart.data[0].at(-1) ?? high;
              return [newest - SPAN_S, newest];
            },
          },
          y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] },
        },
        axes: [
          {
            ...axis,
            values: (_plot, ticks) => ticks.map((s) => formats.short(s * 1000, s * 1000)),
          },
          { ...axis, values: (_plot, ticks) => ticks.map((rate) => formats.rate(rate)) },
        ],
        series: [{}, { stroke: style.caretColor, width: 2, points: { show: false } }],
      },
      [[], []],
      element,
    );
    plot.current = drawn;
    const observer = new ResizeObserver(() =>
      drawn.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [theme, formats]);
  useEffect(() => {
    plot.current?.setData([values.map((v) => v.at / 1000), values.map((v) => v.rate)]);
  }, [values]);
  return (
    <figure className="chart">
      <div ref={place} className="chart-place" role="img" aria-label={messages.state.chart} />
      <figcaption className="muted small">{messages.state.chart}</figcaption>
    </figure>
  );
}
