// The list of findings and proposed incidents as a tree grid: only the rows in sight are in the page, the active one always is,
// so that aria-activedescendant never points at nothing.
// biome-ignore-all lint/a11y/useSemanticElements: a table can't leave out the rows that are out of sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, its rows are active descendants
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { navigationKey } from "../model/key-map.ts";
import type { QueueItem } from "../model/queue-items.ts";
import type { QueueSearch } from "../model/queue-search.ts";
import { errorText } from "../shell/error-text.ts";
import { FindingRowView, rowId } from "./finding-row.tsx";
import { ProposalRowView } from "./proposal-row.tsx";
import type { QueueRows } from "./queue-data.ts";

interface FindingGridProps {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly queue: QueueRows;
  readonly search: QueueSearch;
  readonly selectedId: string | undefined;
  readonly chosen: ReadonlySet<string>;
  readonly onSelect: (index: number) => void;
  readonly onOpen: (item: QueueItem, byKey: boolean) => void;
  readonly onChoose: (item: QueueItem) => void;
  readonly onExpand: (item: QueueItem, open: boolean) => void;
}

/** Row heights in rem: one line with columns, or two lines where the list is narrow. */
const ROW_REM = 2.25;
const COMPACT_ROW_REM = 4;
const COMPACT_BELOW_REM = 52;
/** Rows before the end of what is loaded at which the next page is asked for. */
const LOAD_AHEAD_ROWS = 60;
/** Times on rows are relative; they move on without data coming in. */
const CLOCK_MS = 15_000;
const COLUMNS = [
  "choose",
  "score",
  "level",
  "title",
  "entity",
  "tactics",
  "count",
  "first",
  "last",
  "status",
] as const;

export function FindingGrid(props: FindingGridProps) {
  const { ref, queue, selectedId, chosen, onSelect, onOpen, onChoose, onExpand } = props;
  const { messages } = useSpeech();
  const { rem, compact } = useListSize(ref);
  const now = useClock();
  const selectedIndex = selectedId === undefined ? -1 : queue.indexOf(selectedId);
  const rowHeight = Math.round((compact ? COMPACT_ROW_REM : ROW_REM) * rem);
  const virtual = useVirtualizer({
    count: queue.rowCount,
    getScrollElement: () => ref.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return selectedIndex < 0 || shown.includes(selectedIndex)
        ? shown
        : [...shown, selectedIndex].sort((a, b) => a - b);
    },
  });
  const items = virtual.getVirtualItems();
  const lastInSight = virtual.range?.endIndex ?? 0;
  const { loadMore } = queue;
  useEffect(() => {
    if (lastInSight + LOAD_AHEAD_ROWS > queue.rows.length) loadMore();
  }, [lastInSight, queue.rows.length, loadMore]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row height needs new positions
  useEffect(() => virtual.measure(), [rowHeight]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the selection, not live changes
  useEffect(() => {
    if (selectedIndex >= 0) virtual.scrollToIndex(selectedIndex, { align: "auto" });
  }, [selectedId, rowHeight]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = navigationKey(event.key);
    const row = queue.rows[selectedIndex];
    if (action?.do === "move") onSelect(selectedIndex < 0 ? 0 : selectedIndex + action.by);
    else if (action?.do === "edge") onSelect(action.to === "first" ? 0 : queue.rows.length - 1);
    else if (action?.do === "open" && row) onOpen(row, true);
    else if (action?.do === "choose" && row) onChoose(row);
    else if (action?.do === "expand" && row) onExpand(row, action.open);
    else return;
    event.preventDefault();
  };

  const hasProposals = queue.rows.some(({ type }) => type === "proposal");

  return (
    <div
      ref={ref}
      className={compact ? "grid grid-compact" : "grid"}
      role="treegrid"
      aria-label={hasProposals ? messages.grouping.itemList : messages.queue.list}
      aria-rowcount={queue.rowCount + 1}
      aria-colcount={COLUMNS.length}
      aria-busy={queue.loading}
      aria-activedescendant={
        selectedId !== undefined && selectedIndex >= 0 ? rowId(selectedId) : undefined
      }
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        if (event.target === event.currentTarget && selectedIndex < 0) onSelect(0);
      }}
    >
      <div role="rowgroup" className="grid-head">
        <div role="row" aria-rowindex={1} className="grid-row">
          {COLUMNS.map((name) => (
            <span role="columnheader" key={name} className={`cell cell-${name}`}>
              {name === "choose" ? (
                <span className="kern-sr-only">{messages.grouping.choose}</span>
              ) : (
                messages.queue.columns[name]
              )}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const item = queue.rows[index];
          const place = { index, top: start, height: rowHeight, now };
          const state = {
            selected: index === selectedIndex,
            chosen: item !== undefined && chosen.has(item.id),
          };
          return item?.type === "proposal" ? (
            <ProposalRowView
              key={item.id}
              proposal={item.proposal}
              isOpen={item.isOpen}
              {...place}
              {...state}
              onOpen={() => onOpen(item, false)}
              onChoose={() => onChoose(item)}
              onExpand={() => onExpand(item, !item.isOpen)}
            />
          ) : (
            <FindingRowView
              key={item?.id ?? index}
              row={item?.finding}
              level={item?.isMember ? 2 : 1}
              {...place}
              {...state}
              onOpen={() => item && onOpen(item, false)}
              onChoose={() => item && onChoose(item)}
            />
          );
        })}
      </div>
      <Nothing {...props} />
    </div>
  );
}

/** What stands in place of rows when there are none. */
function Nothing({ queue, search }: FindingGridProps) {
  const { messages } = useSpeech();
  if (queue.error !== null)
    return (
      <div role="row" className="grid-note">
        <div role="gridcell">
          {errorText(queue.error, messages)}{" "}
          <button type="button" className="link-button" onClick={queue.reload}>
            {messages.common.retry}
          </button>
        </div>
      </div>
    );
  if (queue.total > 0 && !queue.loading) return null;
  const filtered = Object.keys(search).length > 0;
  const text = filtered ? messages.queue.empty : messages.queue.emptyAll;
  return (
    <div role="row" className="grid-note">
      <div role="gridcell">{queue.loading ? messages.common.loading : text}</div>
    </div>
  );
}

/** Width of the list and size of its letters: both change with zoom and with the open finding. */
function useListSize(ref: RefObject<HTMLDivElement | null>): { rem: number; compact: boolean } {
  const [size, setSize] = useState({ rem: 16, compact: false });
  const last = useRef(size);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const compact = element.clientWidth < COMPACT_BELOW_REM * rem;
      if (element.clientWidth === 0) return;
      if (last.current.rem === rem && last.current.compact === compact) return;
      last.current = { rem, compact };
      setSize(last.current);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

function useClock(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), CLOCK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
