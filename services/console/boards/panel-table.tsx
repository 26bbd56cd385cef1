// A panel as a table: a row for each value of a dimension with its measures, or one for each series of metrics.
import type { ReactNode } from "react";
import type { Panel } from "../../../dashboards/board.ts";
import { DIMENSION_LABELS } from "../../../dashboards/value-labels.ts";
import type { BoardPanelAnswer } from "../../api/board-schemas.ts";
import { useSpeech } from "../messages/language.tsx";
import { lastOf, seriesName, unitOfMeasure, valueName } from "../model/board-view.ts";
import { type AxisUnit, figureText } from "../model/figure-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";

interface PanelTableProps {
  readonly panel: Panel;
  readonly answer: BoardPanelAnswer;
  /** What a row's name is wrapped with: its way into the console. */
  readonly linkOf: (value: string, text: ReactNode) => ReactNode;
}

interface Shown {
  readonly head: string;
  readonly columns: readonly { readonly name: string; readonly unit: AxisUnit }[];
  readonly rows: readonly {
    readonly value: string;
    readonly name: string;
    readonly cells: readonly (number | null)[];
  }[];
}

export function PanelTable({ panel, answer, linkOf }: PanelTableProps) {
  const { messages, language } = useSpeech();
  const title = panel.title[language];
  const { head, columns, rows } = shownOf(panel, answer, language);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keys
    <section className="plot-rows" tabIndex={0} aria-label={messages.boards.table(title)}>
      <table className="data">
        <caption className="kern-sr-only">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{head === "" ? messages.boards.series : head}</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col" className="number">
                {name === "" ? messages.boards.value : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ value, name, cells }) => (
            <tr key={value}>
              <th scope="row">{linkOf(value, <HostileText text={name} />)}</th>
              {columns.map((column, at) => (
                <td key={column.name} className="number tabular">
                  {cellText(cells[at], column.unit, language, messages.common.none)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function shownOf(panel: Panel, answer: BoardPanelAnswer, language: "de" | "en"): Shown {
  const { query, unit } = panel;
  if (query.kind === "metrics") {
    const rows = answer.series.map((series) => {
      const name = seriesName(panel, series, language);
      return { value: name, name, cells: [lastOf(series.values)?.value ?? null] };
    });
    return { head: "", columns: [{ name: "", unit }], rows };
  }
  const dimension = query.by?.dimension ?? "";
  const values = answer.categories ?? [];
  return {
    head: DIMENSION_LABELS[dimension]?.[language] ?? dimension,
    columns: query.measures.map((measure) => ({
      name: measure.label[language],
      unit: unitOfMeasure(measure),
    })),
    rows: values.map((value, at) => ({
      value,
      name: valueName(dimension, query.where, value, language),
      cells: query.measures.map(
        (_measure, of) => answer.series.find((one) => one.of === of)?.values[at] ?? null,
      ),
    })),
  };
}

function cellText(
  value: number | null | undefined,
  unit: AxisUnit,
  language: "de" | "en",
  none: string,
): string {
  return value === null || value === undefined ? none : figureText(value, unit, language);
}
