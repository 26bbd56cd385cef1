// What is done with several rows at once: the marked ones and their dialogs, and the strip that shows how
// far a change has come.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { BulkDialog } from "../bulk/bulk-dialog.tsx";
import { type BulkScope, findingIds } from "../bulk/bulk-scope.ts";
import { BulkStrip } from "../bulk/bulk-strip.tsx";
import { DeclareDialog } from "../incidents/declare-dialog.tsx";
import { useSpeech } from "../messages/language.tsx";
import { type BulkDraft, bulkDraft } from "../model/bulk-draft.ts";
import type { Verdict } from "../model/key-map.ts";
import type { QueueItem } from "../model/queue-items.ts";
import type { QueueSearch } from "../model/queue-search.ts";
import { MergeDialog } from "../proposal/split-dialog.tsx";
import { errorText } from "../shell/error-text.ts";
import { KeyHint } from "../shell/key-hint.tsx";
import { useToast } from "../shell/toast.tsx";
import type { QueueRows } from "./queue-data.ts";

interface Picked {
  readonly findings: readonly string[];
  readonly proposals: readonly string[];
}

type Asking =
  | {
      readonly what: "bulk";
      readonly scopes: readonly BulkScope[];
      readonly draft: BulkDraft;
      readonly previewFirst: boolean;
    }
  | { readonly what: "merge"; readonly picked: Picked }
  | { readonly what: "declare"; readonly findingIds: readonly string[]; readonly title: string };

interface Many {
  /** Ids of the marked rows. */
  readonly chosen: ReadonlySet<string>;
  readonly toggle: (item: QueueItem) => void;
  readonly clear: () => void;
  /** Opens the dialog for the marked rows, or all that fit the filter. */
  readonly change: () => void;
  /** Opens the preview of one verdict for all open findings of a proposal. */
  readonly judgeProposal: (id: string, verdict: Verdict) => void;
  readonly merge: () => void;
  readonly declare: (picked: Picked, title?: string) => Promise<void>;
  readonly declareChosen: () => Promise<void>;
  readonly asking: Asking | undefined;
  readonly close: () => void;
  /** The bulk change that was started last. */
  readonly job: string | undefined;
  readonly setJob: (id: string | undefined) => void;
  readonly reload: () => void;
}

/** The last job outlives a reload of the page, as its undo does. */
const JOB_KEY = "heidewacht.bulk-job";

/** The marked rows of the queue and what is being asked about them. */
export function useMany(search: QueueSearch, queue: QueueRows): Many {
  const { messages } = useSpeech();
  const client = useQueryClient();
  const toast = useToast();
  const [chosen, setChosen] = useState<ReadonlyMap<string, QueueItem["type"]>>(new Map());
  const [asking, setAsking] = useState<Asking | undefined>();
  const [job, setJob] = useState(() => sessionStorage.getItem(JOB_KEY) ?? undefined);
  const picked = (): Picked => {
    const idsOf = (type: QueueItem["type"]) =>
      [...chosen].filter(([, one]) => one === type).map(([id]) => id);
    return { findings: idsOf("finding"), proposals: idsOf("proposal") };
  };
  const declare = async ({ findings, proposals }: Picked, title = "") => {
    try {
      const ids = await findingIds(client, findings, proposals);
      setAsking({ what: "declare", findingIds: ids, title });
    } catch (error) {
      toast({ text: errorText(error, messages) });
    }
  };
  return {
    chosen: new Set(chosen.keys()),
    toggle: ({ id, type }) =>
      setChosen((now) => {
        const next = new Map(now);
        if (!next.delete(id)) next.set(id, type);
        return next;
      }),
    clear: () => setChosen(new Map()),
    change: () => {
      const marked: BulkScope[] = chosen.size === 0 ? [] : [{ name: "chosen", ...picked() }];
      const scopes = [...marked, { name: "filter", search } as const];
      setAsking({ what: "bulk", scopes, draft: bulkDraft(), previewFirst: false });
    },
    judgeProposal: (id, verdict) =>
      setAsking({
        what: "bulk",
        scopes: [{ name: "proposal", id }],
        draft: bulkDraft({ verdict }),
        previewFirst: verdict !== "false_positive" && verdict !== "undetermined",
      }),
    merge: () => setAsking({ what: "merge", picked: picked() }),
    declare,
    declareChosen: () => declare(picked()),
    asking,
    close: () => setAsking(undefined),
    job,
    setJob: (id) => {
      if (id === undefined) sessionStorage.removeItem(JOB_KEY);
      else sessionStorage.setItem(JOB_KEY, id);
      setJob(id);
    },
    reload: () => {
      queue.reload();
      for (const key of ["finding", "history"]) void client.invalidateQueries({ queryKey: [key] });
    },
  };
}

interface ManyActionsProps {
  readonly many: Many;
  readonly onDeclare: () => void;
}

export function ManyActions({ many, onDeclare }: ManyActionsProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.grouping;
  const count = many.chosen.size;
  return (
    <>
      <div className="many-actions">
        <span role="status">{count === 0 ? "" : texts.chosen(formats.number(count))}</span>
        <button type="button" className="judge" onClick={many.change}>
          {texts.bulk}
          <KeyHint name="M" />
        </button>
        {count > 0 && (
          <>
            <button type="button" className="judge" onClick={onDeclare}>
              {texts.declare}
              <KeyHint name="A" />
            </button>
            {count > 1 && (
              <button type="button" className="judge" onClick={many.merge}>
                {texts.merge}
              </button>
            )}
            <button type="button" className="link-button" onClick={many.clear}>
              {texts.clear}
            </button>
          </>
        )}
      </div>
      {many.job !== undefined && (
        <BulkStrip
          key={many.job}
          id={many.job}
          onChanged={many.reload}
          onDismiss={() => many.setJob(undefined)}
        />
      )}
      <ManyDialogs many={many} />
    </>
  );
}

function ManyDialogs({ many }: { readonly many: Many }) {
  const { asking, close } = many;
  switch (asking?.what) {
    case "bulk":
      return (
        <BulkDialog
          scopes={asking.scopes}
          draft={asking.draft}
          previewFirst={asking.previewFirst}
          onClose={close}
          onStarted={({ id }) => {
            many.clear();
            many.setJob(id);
          }}
        />
      );
    case "merge":
      return (
        <MergeDialog
          {...asking.picked}
          onClose={close}
          onDone={() => {
            many.clear();
            many.reload();
          }}
        />
      );
    case "declare":
      return <DeclareDialog findingIds={asking.findingIds} title={asking.title} onClose={close} />;
    default:
      return null;
  }
}
