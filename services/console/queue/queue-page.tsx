// The queue with the open finding or proposed incident beside it: one page, so that the list keeps its place
// while one judges. The filter and what is open stand in the address.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import type { VersionedFinding } from "../api/contract.ts";
import { findingQuery, sessionQuery } from "../api/queries.ts";
import { FindingDetail } from "../finding/finding-detail.tsx";
import { TriageProvider, targetOf } from "../finding/triage.tsx";
import { useSpeech } from "../messages/language.tsx";
import type { Verdict } from "../model/key-map.ts";
import type { QueueItem } from "../model/queue-items.ts";
import type { QueueSearch } from "../model/queue-search.ts";
import { ProposalDetail } from "../proposal/proposal-detail.tsx";
import { useToast } from "../shell/toast.tsx";
import { useTitle } from "../shell/use-title.ts";
import { FilterBar } from "./filter-bar.tsx";
import { FindingGrid } from "./finding-grid.tsx";
import { ManyActions, useMany } from "./many-actions.tsx";
import { useQueueRows } from "./queue-data.ts";
import { QueueKeys } from "./queue-keys.tsx";
import { rowOf } from "./row-of.ts";

/** What stands beside the list. */
type Opened = Pick<QueueItem, "type" | "id">;

export function QueuePage() {
  const { messages } = useSpeech();
  const search: QueueSearch = useSearch({ strict: false });
  const opened = useOpened();
  const [activeId, setActiveId] = useState(opened?.id);
  const selectedId = opened?.id ?? activeId;
  const [expandedId, setExpandedId] = useExpanded(opened);
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const focusDetail = useRef(opened !== undefined);
  const grid = useRef<HTMLDivElement>(null);
  const pointerInside = useRef(false);
  const mayReload = () =>
    selectedId === undefined && !pointerInside.current && (grid.current?.scrollTop ?? 0) === 0;
  const queue = useQueueRows(search, expandedId, mayReload);
  const many = useMany(search, queue);
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const mayWrite = session?.capabilities.includes("findings:write") ?? false;
  useTitle(messages.queue.title);

  const open = useCallback(
    (item: Opened | undefined, replace = false) => {
      setActiveId((now) => item?.id ?? now);
      if (item === undefined) void navigate({ to: "/warteschlange", search, replace });
      else if (item.type === "finding")
        void navigate({ to: "/warteschlange/$id", params: { id: item.id }, search, replace });
      else {
        const params = { proposal: item.id };
        void navigate({ to: "/warteschlange/vorschlag/$proposal", params, search, replace });
      }
    },
    [navigate, search],
  );
  const select = (index: number) => {
    const row = queue.rows[Math.max(0, Math.min(queue.rows.length - 1, index))];
    if (row === undefined) return;
    setActiveId(row.id);
    if (opened !== undefined) open(row, true);
  };
  const moveBy = (by: number) =>
    select(selectedId === undefined ? 0 : queue.indexOf(selectedId) + by);
  const close = () => {
    open(undefined);
    requestAnimationFrame(() => grid.current?.focus());
  };
  const openNext = (id: string) => {
    const at = queue.indexOf(id);
    const next = queue.rows
      .slice(at + 1)
      .find((row) => row.type === "proposal" || row.finding.verdict === undefined);
    focusDetail.current = grid.current?.contains(document.activeElement) !== true;
    if (next === undefined) toast({ text: messages.toast.queueEnd });
    else if (opened !== undefined) open(next, true);
    else setActiveId(next.id);
  };
  const goBackTo = (id: string) => {
    if (opened !== undefined) open({ type: "finding", id }, true);
    else setActiveId(id);
  };
  const expand = (item: QueueItem, isOpen: boolean) => {
    if (item.type === "proposal") setExpandedId(isOpen ? item.id : undefined);
  };

  const { rows, indexOf } = queue;
  const next = selectedId === undefined ? undefined : rows[indexOf(selectedId) + 1];
  const nextId = next?.type === "finding" ? next.id : undefined;
  const isOpen = opened !== undefined;
  useEffect(() => {
    if (nextId !== undefined && isOpen)
      void client.prefetchQuery({ ...findingQuery(nextId), staleTime: 30_000 });
  }, [client, nextId, isOpen]);

  const selectedRow = rows[selectedId === undefined ? -1 : indexOf(selectedId)];
  // The open finding may lie outside of the list: it came by a link, or under another filter.
  const { data: openData } = useQuery({
    ...findingQuery(opened?.id ?? ""),
    enabled: opened?.type === "finding",
  });
  const rowTarget = selectedRow?.type === "finding" ? selectedRow.finding : undefined;
  const target =
    opened?.type === "finding" && openData !== undefined ? targetOf(openData) : rowTarget;
  const meant = opened ?? selectedRow;
  const proposalId = meant?.type === "proposal" ? meant.id : undefined;
  const declare = () => {
    if (opened === undefined && many.chosen.size > 0) void many.declareChosen();
    else if (proposalId !== undefined) void many.declare({ findings: [], proposals: [proposalId] });
    else if (target) void many.declare({ findings: [target.id], proposals: [] }, target.title);
  };

  return (
    <TriageProvider
      onJudged={openNext}
      onUndone={goBackTo}
      onChanged={(changed: VersionedFinding) => queue.change(rowOf(changed))}
    >
      <QueueKeys
        target={target}
        isOpen={isOpen}
        row={selectedRow}
        mayWrite={mayWrite}
        onMove={moveBy}
        onOpen={(item) => {
          focusDetail.current = true;
          open(item);
        }}
        onClose={close}
        onReload={queue.reload}
        onExpand={expand}
        onChoose={many.toggle}
        onBulk={many.change}
        onDeclare={declare}
        onJudgeAll={
          proposalId === undefined
            ? undefined
            : (verdict) => many.judgeProposal(proposalId, verdict)
        }
      />
      <div className="queue" data-open={isOpen}>
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
          {mayWrite && <ManyActions many={many} onDeclare={() => void many.declareChosen()} />}
          <FindingGrid
            ref={grid}
            queue={queue}
            search={search}
            selectedId={selectedId}
            chosen={many.chosen}
            onSelect={select}
            onOpen={(item, byKey) => {
              focusDetail.current = byKey;
              open(item, isOpen);
            }}
            onChoose={many.toggle}
            onExpand={expand}
          />
        </section>
        <OpenPane
          opened={opened}
          takeFocus={() => focusDetail.current || document.activeElement === document.body}
          onClose={close}
          onMove={moveBy}
          onDeclare={declare}
          onOpenFinding={(id) => {
            focusDetail.current = true;
            open({ type: "finding", id });
          }}
          onJudgeAll={many.judgeProposal}
          onRegrouped={queue.reload}
        />
      </div>
    </TriageProvider>
  );
}

interface OpenPaneProps {
  readonly opened: Opened | undefined;
  readonly takeFocus: () => boolean;
  readonly onClose: () => void;
  readonly onMove: (by: number) => void;
  readonly onDeclare: () => void;
  readonly onOpenFinding: (id: string) => void;
  readonly onJudgeAll: (id: string, verdict: Verdict) => void;
  readonly onRegrouped: () => void;
}

/** The place beside the list. */
function OpenPane({ opened, onJudgeAll, onOpenFinding, onRegrouped, ...pane }: OpenPaneProps) {
  const { messages } = useSpeech();
  if (opened === undefined)
    return (
      <aside className="detail-empty" aria-label={messages.finding.label}>
        <p>{messages.queue.choose}</p>
        <p className="muted small">{messages.queue.chooseHint}</p>
      </aside>
    );
  if (opened.type === "finding") return <FindingDetail id={opened.id} {...pane} />;
  return (
    <ProposalDetail
      id={opened.id}
      {...pane}
      onOpenFinding={onOpenFinding}
      onJudgeAll={(verdict) => onJudgeAll(opened.id, verdict)}
      onRegrouped={onRegrouped}
    />
  );
}

/** What the address says is open. */
function useOpened(): Opened | undefined {
  const params: { readonly id?: string; readonly proposal?: string } = useParams({ strict: false });
  if (params.proposal !== undefined) return { type: "proposal", id: params.proposal };
  return params.id === undefined ? undefined : { type: "finding", id: params.id };
}

/** The proposal whose findings stand below it: the one that was opened last, or opened in the list. */
function useExpanded(opened: Opened | undefined) {
  const openProposal = opened?.type === "proposal" ? opened.id : undefined;
  const [expandedId, setExpandedId] = useState(openProposal);
  useEffect(() => {
    if (openProposal !== undefined) setExpandedId(openProposal);
  }, [openProposal]);
  return [expandedId, setExpandedId] as const;
}
