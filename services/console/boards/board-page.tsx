// One board: its panels over a span of time that stands in the address. Asked anew every minute.
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Board } from "../../../dashboards/board.ts";
import { BOARDS } from "../../../dashboards/boards.ts";
import { useSpeech } from "../messages/language.tsx";
import { RANGES, spanOf } from "../model/board-view.ts";
import { FiguresNav } from "../shell/sub-nav.tsx";
import { useTitle } from "../shell/use-title.ts";
import { BoardPanel } from "./board-panel.tsx";

const route = getRouteApi("/tafeln/$board");
const MINUTE_MS = 60_000;

export function BoardPage() {
  const { messages, language } = useSpeech();
  const { board: id } = route.useParams();
  const board = BOARDS.find((one) => one.id === id);
  const title = board?.title[language] ?? messages.common.notFound;
  useTitle(title);
  return (
    <div className="page">
      <FiguresNav />
      <h1>{title}</h1>
      {board !== undefined && <Panels key={board.id} board={board} />}
    </div>
  );
}

function Panels({ board }: { readonly board: Board }) {
  const { messages, language } = useSpeech();
  const { spanne = board.range } = route.useSearch();
  const now = useMinute();
  const span = spanOf(spanne, now);
  const texts = messages.boards;
  const hasMetrics = board.panels.some(({ query }) => query.kind === "metrics");
  return (
    <>
      <p className="muted prose">{board.description[language]}</p>
      <nav className="period-picker" aria-label={texts.range}>
        <ul className="period-sizes">
          {RANGES.map((range) => (
            <li key={range}>
              <Link
                to="/tafeln/$board"
                params={{ board: board.id }}
                search={{ spanne: range }}
                aria-current={range === spanne ? "true" : undefined}
              >
                {texts.ranges[range]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {hasMetrics && <p className="muted small">{texts.memory}</p>}
      <div className="board-panels">
        {board.panels.map((panel) => (
          <BoardPanel key={panel.id} board={board.id} panel={panel} span={span} />
        ))}
      </div>
    </>
  );
}

/** The begin of the running minute, so that all panels ask for the same span. */
function useMinute(): number {
  const minute = () => Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS;
  const [now, setNow] = useState(minute);
  useEffect(() => {
    const timer = setInterval(() => setNow(minute()), MINUTE_MS);
    return () => clearInterval(timer);
  });
  return now;
}
