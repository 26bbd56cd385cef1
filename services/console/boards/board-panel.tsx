// A panel: what it means, its picture, numbers or table, and the way into the console with the board's time.
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type CSSProperties, type MouseEvent, type ReactNode, useId } from "react";
import type { Panel } from "../../../dashboards/board.ts";
import { DIMENSION_LABELS } from "../../../dashboards/value-labels.ts";
import type { BoardPanelAnswer } from "../../api/board-schemas.ts";
import { boardPanelQuery } from "../api/board-queries.ts";
import { Plot } from "../figures/plot.tsx";
import { useSpeech } from "../messages/language.tsx";
import { filledPath, linesOf, pointTexts, valueName } from "../model/board-view.ts";
import { axisText, figureText } from "../model/figure-text.ts";
import { errorText } from "../shell/error-text.ts";
import { useMay } from "../shell/use-may.ts";
import { PanelNumbers } from "./panel-numbers.tsx";
import { PanelTable } from "./panel-table.tsx";

interface Span {
  readonly from: number;
  readonly to: number;
}

interface BoardPanelProps {
  readonly board: string;
  readonly panel: Panel;
  readonly span: Span;
}

/** Of 24 columns: it has a line of its own also where there is less room. */
const WHOLE = 20;
const HEIGHT_PX = 200;

export function BoardPanel({ board, panel, span }: BoardPanelProps) {
  const { messages, language } = useSpeech();
  const { data, error, isPending } = useQuery(boardPanelQuery(board, panel.id, span.from, span.to));
  const mayFollow = useMay("findings:read");
  const id = useId();
  const { link, width } = panel;
  const size = width >= WHOLE ? " panel-whole" : "";
  // React knows its own names of styles only.
  const columns = { "--width": width } as CSSProperties;
  return (
    <section className={`board-panel${size}`} style={columns} aria-labelledby={id}>
      <h2 id={id}>{panel.title[language]}</h2>
      <p className="muted small">{panel.description[language]}</p>
      {isPending && <p className="muted">{messages.common.loading}</p>}
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data !== undefined && error === null && (
        <Drawn panel={panel} answer={data} span={span} mayFollow={mayFollow} />
      )}
      {link !== undefined && mayFollow && !link.path.includes("{value}") && (
        <p className="small board-link">
          <ConsoleLink path={filledPath(link.path, span)}>{link.title[language]}</ConsoleLink>
        </p>
      )}
    </section>
  );
}

interface DrawnProps {
  readonly panel: Panel;
  readonly answer: BoardPanelAnswer;
  readonly span: Span;
  readonly mayFollow: boolean;
}

function Drawn({ panel, answer, span, mayFollow }: DrawnProps) {
  const { messages, language, formats } = useSpeech();
  const texts = messages.boards;
  if (answer.series.every(({ values }) => values.every((value) => value === null))) {
    const since = answer.memory?.since;
    const isNew = answer.memory !== undefined && (since === null || since === undefined);
    return <p className="muted">{isNew ? texts.notYet : texts.nothing}</p>;
  }
  const { link, query, draw, unit } = panel;
  const linkOf = (value: string, text: ReactNode) =>
    link === undefined || !mayFollow || !link.path.includes("{value}") ? (
      text
    ) : (
      <ConsoleLink path={filledPath(link.path, span, value)}>{text}</ConsoleLink>
    );
  if (draw === "table") return <PanelTable panel={panel} answer={answer} linkOf={linkOf} />;
  if (draw === "number") return <PanelNumbers panel={panel} answer={answer} />;
  const { categories } = answer;
  const dimension = query.kind === "figures" ? (query.by?.dimension ?? "") : "";
  const where = query.kind === "figures" ? query.where : undefined;
  const names = categories?.map((value) => valueName(dimension, where, value, language));
  const moments = pointTexts(panel, answer, language);
  return (
    <>
      <Plot
        label={texts.picture(panel.title[language])}
        points={names ?? moments.ticks}
        rows={names ?? moments.rows}
        pointHead={names === undefined ? undefined : DIMENSION_LABELS[dimension]?.[language]}
        lines={linesOf(panel, answer, language)}
        unit={unit}
        format={(value) => figureText(value, unit, language)}
        axisFormat={(value) => axisText(value, unit, language)}
        isStacked={draw === "stacked" || draw === "heatmap"}
        heightPx={HEIGHT_PX}
        hasKey={query.kind === "metrics" || answer.series.length > 1}
      />
      {answer.memory !== undefined && answer.memory.since !== null && (
        <p className="muted small">
          {texts.since(formats.moment(answer.memory.since))}
          {answer.memory.leftOut > 0 && ` ${texts.leftOut(answer.memory.leftOut)}`}
        </p>
      )}
    </>
  );
}

/** A path with its question, which the router takes as a whole. */
function ConsoleLink({ path, children }: { readonly path: string; readonly children: ReactNode }) {
  const { history } = useRouter();
  const go = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    history.push(path);
  };
  return (
    <a href={path} onClick={go}>
      {children}
    </a>
  );
}
