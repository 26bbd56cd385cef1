// One panel of a board over a span of time.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { BoardPanelAnswer } from "../../api/board-schemas.ts";
import { request } from "./client.ts";

export function boardPanelQuery(board: string, panel: string, from: number, to: number) {
  const params = new URLSearchParams({ from: String(from), to: String(to) });
  const path = `/boards/${encodeURIComponent(board)}/panels/${encodeURIComponent(panel)}?${params}`;
  return queryOptions({
    queryKey: ["board", board, panel, from, to],
    queryFn: ({ signal }) => request<BoardPanelAnswer>("GET", path, undefined, signal),
    // A picture stays while the next minute's is asked for.
    placeholderData: keepPreviousData,
  });
}
