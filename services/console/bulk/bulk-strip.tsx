// How far a change of many findings has come, and for ten minutes the way back.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { request } from "../api/client.ts";
import type { BulkJob } from "../api/contract.ts";
import { bulkJobQuery } from "../api/queue-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { useToast } from "../shell/toast.tsx";

interface BulkStripProps {
  readonly id: string;
  /** The findings have changed. */
  readonly onChanged: () => void;
  readonly onDismiss: () => void;
}

const CLOCK_MS = 15_000;
const MINUTE_MS = 60_000;

export function BulkStrip({ id, onChanged, onDismiss }: BulkStripProps) {
  const { messages, formats } = useSpeech();
  const client = useQueryClient();
  const toast = useToast();
  const { data: job } = useQuery(bulkJobQuery(id));
  const texts = messages.grouping;
  const state = job?.state;
  const seen = useRef(state);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the end of a pass changes the findings
  useEffect(() => {
    const isOver = state === "done" || state === "undone";
    if (isOver && seen.current !== state) onChanged();
    seen.current = state;
  }, [state]);
  const undo = async () => {
    try {
      const answer = await request<BulkJob>(
        "POST",
        `/findings/bulk/${encodeURIComponent(id)}/undo`,
        {},
      );
      client.setQueryData(bulkJobQuery(id).queryKey, answer);
    } catch (error) {
      toast({ text: errorText(error, messages) });
    }
  };
  if (job === undefined) return null;
  return (
    <section className="bulk-strip" aria-label={texts.strip}>
      <span role="status">{wordOf(job, texts, formats.number)}</span>
      {(state === "running" || state === "undoing") && (
        <progress value={job.progress} max={1} aria-label={texts.strip}>
          {formats.share(job.progress)}
        </progress>
      )}
      {job.undoUntil !== undefined && (
        <UndoButton
          spanMs={job.undoUntil - (job.apply?.finishedAt ?? job.undoUntil)}
          onUndo={() => void undo()}
        />
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={texts.dismiss}
        title={texts.dismiss}
        onClick={onDismiss}
      >
        ×
      </button>
    </section>
  );
}

type Texts = ReturnType<typeof useSpeech>["messages"]["grouping"];

function wordOf(job: BulkJob, texts: Texts, number: (value: number) => string): string {
  const pass = job.undo ?? job.apply;
  if (job.state === "running" || job.state === "undoing") {
    return job.state === "running" ? texts.running : texts.undoing;
  }
  const done = number(pass?.done ?? 0);
  const left = (pass?.leftOut.changed ?? 0) + (pass?.leftOut.missing ?? 0);
  const first = job.state === "undone" ? texts.undone(done) : texts.done(done);
  return left === 0 ? first : `${first} ${texts.leftOut(number(left))}`;
}

/**
 * The button until its time is over. The span is counted on this machine's clock from when the end was seen;
 * the server has the last word.
 */
function UndoButton({ spanMs, onUndo }: { readonly spanMs: number; readonly onUndo: () => void }) {
  const { messages, formats } = useSpeech();
  const [until] = useState(() => Date.now() + spanMs);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), CLOCK_MS);
    return () => clearInterval(timer);
  }, []);
  if (until <= now) return null;
  const minutes = Math.max(1, Math.ceil((until - now) / MINUTE_MS));
  return (
    <button type="button" className="judge" onClick={onUndo}>
      {messages.grouping.undo(formats.number(minutes))}
    </button>
  );
}
