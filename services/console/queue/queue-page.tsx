// The queue with the open finding beside it: one page, so that the list keeps its place while one
// judges. The filter and the open finding stand in the address.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import type { VersionedFinding } from "../api/contract.ts";
import { findingQuery } from "../api/queries.ts";
import { FindingDetail } from "../finding/finding-detail.tsx";
import { TriageProvider, targetOf } from "../finding/triage.tsx";
import { useSpeech } from "../messages/language.tsx";
import type { QueueSearch } from "../model/queue-search.ts";
import { useToast } from "../shell/toast.tsx";
import { useTitle } from "../shell/use-title.ts";
import { FilterBar } from "./filter-bar.tsx";
import { FindingGrid } from "./finding-grid.tsx";
import { useQueueRows } from "./queue-data.ts";
import { QueueKeys } from "./queue-keys.tsx";
import { rowOf } from "./row-of.ts";

export function QueuePage() {
  const { messages } = useSpeech();
  const search: QueueSearch = useSearch({ strict: false });
  const params: { readonly id?: string } = useParams({ strict: false });
  const openId = params.id;
  const [activeId, setActiveId] = useState(openId);
  const selectedId = openId ?? activeId;
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const focusDetail = useRef(openId !== undefined);
  const grid = useRef<HTMLDivElement>(null);
  const pointerInside = useRef(false);
  const mayReload = () =>
    selectedId === undefined && !pointerInside.current && (grid.current?.scrollTop ?? 0) === 0;
  const queue = useQueueRows(search, mayReload);
  useTitle(messages.queue.title);

  const open = useCallback(
    (id: string | undefined, replace = false) => {
      setActiveId((now) => id ?? now);
      void (id === undefined
        ? navigate({ to: "/warteschlange", search, replace })
        : navigate({ to: "/warteschlange/$id", params: { id }, search, replace }));
    },
    [navigate, search],
  );
  const select = (index: number) => {
    const row = queue.rows[Math.max(0, Math.min(queue.rows.length - 1, index))];
    if (row === undefined) return;
    setActiveId(row.id);
    if (openId !== undefined) open(row.id, true);
  };
  const moveBy = (by: number) =>
    select(selectedId === undefined ? 0 : queue.indexOf(selectedId) + by);
  const close = () => {
    open(undefined);
    requestAnimationFrame(() => grid.current?.focus());
  };
  const openNext = (id: string) => {
    const at = queue.indexOf(id);
    const next = queue.rows.slice(at + 1).find((row) => row.verdict === undefined);
    focusDetail.current = grid.current?.contains(document.activeElement) !== true;
    if (next === undefined) toast({ text: messages.toast.queueEnd });
    else if (openId !== undefined) open(next.id, true);
    else setActiveId(next.id);
  };
  const goBackTo = (id: string) => {
    if (openId !== undefined) open(id, true);
    else setActiveId(id);
  };

  const { rows, indexOf } = queue;
  const nextId = selectedId === undefined ? undefined : rows[indexOf(selectedId) + 1]?.id;
  useEffect(() => {
    if (nextId !== undefined && openId !== undefined)
      void client.prefetchQuery({ ...findingQuery(nextId), staleTime: 30_000 });
  }, [client, nextId, openId]);

  const selectedRow = rows[selectedId === undefined ? -1 : indexOf(selectedId)];
  // The open finding may lie outside of the list: it came by a link, or under another filter.
  const { data: openData } = useQuery({
    ...findingQuery(openId ?? ""),
    enabled: openId !== undefined,
  });

  return (
    <TriageProvider
      onJudged={openNext}
      onUndone={goBackTo}
      onChanged={(changed: VersionedFinding) => queue.change(rowOf(changed))}
    >
      <QueueKeys
        target={openData ? targetOf(openData) : selectedRow}
        openId={openId}
        onMove={moveBy}
        onOpen={(id) => {
          focusDetail.current = true;
          open(id);
        }}
        onClose={close}
        onReload={queue.reload}
      />
      <div className="queue" data-open={openId !== undefined}>
        <section
          className="queue-list"
          aria-labelledby="queue-title"
          onPointerEnter={() => {
            pointerInside.current = true;
          }}
          onPointerLeave={() => {
            pointerInside.current = false;
          }}
        >
          <FilterBar search={search} queue={queue} />
          <FindingGrid
            ref={grid}
            queue={queue}
            search={search}
            selectedId={selectedId}
            onSelect={select}
            onOpen={(id, byKey) => {
              focusDetail.current = byKey;
              open(id, openId !== undefined);
            }}
          />
        </section>
        {openId === undefined ? (
          <aside className="detail-empty" aria-label={messages.finding.label}>
            <p>{messages.queue.choose}</p>
            <p className="muted small">{messages.queue.chooseHint}</p>
          </aside>
        ) : (
          <FindingDetail
            id={openId}
            takeFocus={() => focusDetail.current || document.activeElement === document.body}
            onClose={close}
            onMove={moveBy}
          />
        )}
      </div>
    </TriageProvider>
  );
}
