// Judging: sends verdicts, asks for reason or sentence where one is needed, shows conflicts, undoes.
// One place, so that buttons, keys and toasts do the same.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo, useRef, useState } from "react";
import { ApiError, request } from "../api/client.ts";
import type { FindingRow, VersionedFinding } from "../api/contract.ts";
import { findingQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { type FindingChange, findingChanges } from "../model/finding-changes.ts";
import type { FalsePositiveReason, Verdict } from "../model/key-map.ts";
import { errorText } from "../shell/error-text.ts";
import { useToast } from "../shell/toast.tsx";
import { ConflictDialog } from "./conflict-dialog.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";
import { SentenceDialog } from "./sentence-dialog.tsx";

/** What judging needs of a finding: a row of the list and a whole finding both give it. */
export type Target = Pick<
  FindingRow,
  "id" | "version" | "title" | "status" | "verdict" | "signalCount" | "score"
>;

interface Judgement {
  readonly verdict: Verdict;
  readonly reason?: FalsePositiveReason;
  readonly comment?: string;
}

type Asking =
  | { readonly what: "reason" | "sentence"; readonly target: Target }
  | {
      readonly what: "conflict";
      readonly target: Target;
      readonly judgement: Judgement;
      readonly changes: readonly FindingChange[];
    };

interface Triage {
  readonly judge: (target: Target, verdict: Verdict) => void;
  readonly undo: (target: Target | undefined) => void;
  readonly setStatus: (target: Target, status: "new" | "in_progress") => void;
  /** Sends a change that touches no verdict; resolves to whether it was taken. */
  readonly mark: (seen: Seen, path: MarkPath, body: object) => Promise<boolean>;
}

/** A finding in the version that somebody looks at. */
type Seen = Pick<Target, "id" | "version">;
type MarkPath = "assign" | "tags" | "watch" | "tlp";

interface TriageProviderProps {
  /** Called once a verdict is saved: the list opens the next finding. */
  readonly onJudged: (id: string) => void;
  /** Called when a verdict was taken back: the list goes back to it. */
  readonly onUndone: (id: string) => void;
  /** Writes the finding's new state into the list. */
  readonly onChanged: (finding: VersionedFinding) => void;
  readonly children: ReactNode;
}

const TriageContext = createContext<Triage | undefined>(undefined);

export function TriageProvider({ onJudged, onUndone, onChanged, children }: TriageProviderProps) {
  const { messages } = useSpeech();
  const client = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState<Asking | undefined>();
  const busy = useRef(new Set<string>());
  const judgedIds = useRef<string[]>([]);

  /** Sends one change; a finding that is still being changed is left alone. */
  async function change(id: string, path: string, body: object): Promise<boolean> {
    if (busy.current.has(id)) return false;
    busy.current.add(id);
    try {
      const answer = await request<VersionedFinding>(
        "POST",
        `/findings/${encodeURIComponent(id)}/${path}`,
        body,
      );
      client.setQueryData(findingQuery(id).queryKey, answer);
      onChanged(answer);
      void client.invalidateQueries({ queryKey: ["summary"] });
      void client.invalidateQueries({ queryKey: ["history", id] });
      return true;
    } finally {
      busy.current.delete(id);
    }
  }

  const report = (error: unknown) => toast({ text: errorText(error, messages) });

  async function send(target: Target, judgement: Judgement): Promise<void> {
    setAsking(undefined);
    try {
      const body = { version: target.version, ...judgement };
      if (!(await change(target.id, "verdict", body))) return;
      judgedIds.current.push(target.id);
      toast({
        text: messages.toast.judged(target.title, messages.verdict[judgement.verdict]),
        action: { label: messages.toast.undo, key: "Z", run: () => void undo(undefined) },
      });
      onJudged(target.id);
    } catch (error) {
      if (error instanceof ApiError && error.code === "HW_CONFLICT")
        await showConflict(target, judgement).catch(report);
      else report(error);
    }
  }

  async function showConflict(target: Target, judgement: Judgement): Promise<void> {
    const now = await client.fetchQuery({ ...findingQuery(target.id), staleTime: 0 });
    onChanged(now);
    const changes = findingChanges(target, now.finding);
    setAsking({
      what: "conflict",
      target: { ...target, ...targetOf(now) },
      judgement,
      changes,
    });
  }

  async function undo(target: Target | undefined): Promise<void> {
    const id = judgedIds.current.pop() ?? (target?.verdict ? target.id : undefined);
    if (id === undefined) return toast({ text: messages.toast.nothingToUndo });
    try {
      const { version } = await client.fetchQuery({ ...findingQuery(id), staleTime: 0 });
      if (!(await change(id, "undo-verdict", { version }))) return;
      toast({ text: messages.toast.undone });
      onUndone(id);
    } catch (error) {
      report(error);
    }
  }

  async function setStatus(target: Target, status: "new" | "in_progress"): Promise<void> {
    try {
      const done = await change(target.id, "status", { version: target.version, status });
      const text = target.status === "closed" ? messages.toast.reopened : messages.toast.started;
      if (done) toast({ text });
    } catch (error) {
      report(error);
    }
  }

  async function mark({ id, version }: Seen, path: MarkPath, body: object): Promise<boolean> {
    try {
      return await change(id, path, { version, ...body });
    } catch (error) {
      if (error instanceof ApiError && error.code === "HW_CONFLICT") {
        onChanged(await client.fetchQuery({ ...findingQuery(id), staleTime: 0 }));
        toast({ text: messages.suggestion.conflict });
      } else report(error);
      return false;
    }
  }

  const latest = useRef({ send, undo, setStatus, mark });
  latest.current = { send, undo, setStatus, mark };
  const triage = useMemo<Triage>(
    () => ({
      judge: (target, verdict) => {
        if (verdict === "false_positive") setAsking({ what: "reason", target });
        else if (verdict === "undetermined") setAsking({ what: "sentence", target });
        else void latest.current.send(target, { verdict });
      },
      undo: (target) => void latest.current.undo(target),
      setStatus: (target, status) => void latest.current.setStatus(target, status),
      mark: (seen, path, body) => latest.current.mark(seen, path, body),
    }),
    [],
  );
  const close = () => setAsking(undefined);
  return (
    <TriageContext.Provider value={triage}>
      {children}
      {asking?.what === "reason" && (
        <ReasonDialog
          onClose={close}
          onChoose={(reason) => void send(asking.target, { verdict: "false_positive", reason })}
        />
      )}
      {asking?.what === "sentence" && (
        <SentenceDialog
          onClose={close}
          onSave={(comment) => void send(asking.target, { verdict: "undetermined", comment })}
        />
      )}
      {asking?.what === "conflict" && (
        <ConflictDialog
          changes={asking.changes}
          verdict={asking.judgement.verdict}
          onClose={close}
          onApply={() => void send(asking.target, asking.judgement)}
        />
      )}
    </TriageContext.Provider>
  );
}

/** The actions of judging. */
export function useTriage(): Triage {
  const triage = useContext(TriageContext);
  if (triage === undefined) throw new Error("useTriage needs a TriageProvider above it");
  return triage;
}

/** A whole finding as the target of a judgement. */
export function targetOf({ version, finding }: VersionedFinding): Target {
  const { id, status, verdict, signalCount, score } = finding;
  return { id, version, title: finding.detector.title, status, verdict, signalCount, score };
}
