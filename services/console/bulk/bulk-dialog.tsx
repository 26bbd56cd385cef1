// Changes many findings: what and which, then a preview that freezes the set, then exactly that set.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { request } from "../api/client.ts";
import type { BulkJob, BulkPreview } from "../api/contract.ts";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { type BulkDraft, bulkChange } from "../model/bulk-draft.ts";
import { Dialog } from "../shell/dialog.tsx";
import { formFault } from "../shell/form-fault.ts";
import { Fault } from "../sign-in/form-parts.tsx";
import { BulkForm } from "./bulk-form.tsx";
import { BulkPreviewView } from "./bulk-preview.tsx";
import { type BulkScope, selectionBody } from "./bulk-scope.ts";

interface BulkDialogProps {
  readonly scopes: readonly BulkScope[];
  readonly draft: BulkDraft;
  /** The change is complete: its preview comes at once. */
  readonly previewFirst: boolean;
  readonly onStarted: (job: BulkJob) => void;
  readonly onClose: () => void;
}

export function BulkDialog(props: BulkDialogProps) {
  const { scopes, draft: given, previewFirst, onStarted, onClose } = props;
  const { messages } = useSpeech();
  const client = useQueryClient();
  const self = useQuery(sessionQuery).data?.account.id ?? "";
  const [draft, setDraft] = useState(given);
  const [scope, setScope] = useState(scopes[0]);
  const [preview, setPreview] = useState<BulkPreview | undefined>();
  const [isBusy, setBusy] = useState(previewFirst);
  const [fault, setFault] = useState("");
  const texts = messages.grouping;

  const attempt = useCallback(
    async (work: () => Promise<void>) => {
      setFault("");
      setBusy(true);
      try {
        await work();
      } catch (error) {
        setFault(formFault(error, messages));
      } finally {
        setBusy(false);
      }
    },
    [messages],
  );
  const look = () =>
    attempt(async () => {
      const change = bulkChange(draft, self);
      if (change === undefined || scope === undefined) return;
      const body = { change, ...(await selectionBody(client, scope)) };
      setPreview(await request<BulkPreview>("POST", "/findings/bulk/preview", body));
    });
  const apply = ({ job, setHash }: BulkPreview) =>
    attempt(async () => {
      onStarted(await request<BulkJob>("POST", "/findings/bulk", { job, setHash }));
      onClose();
    });
  const first = useRef(previewFirst);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => {
    if (!first.current) return;
    first.current = false;
    void look();
  }, []);

  return (
    <Dialog title={texts.bulkTitle} onClose={onClose}>
      <Fault text={fault} />
      {preview !== undefined ? (
        <BulkPreviewView
          preview={preview}
          isBusy={isBusy}
          onApply={() => void apply(preview)}
          onBack={() => setPreview(undefined)}
        />
      ) : isBusy ? (
        <p role="status">{texts.previewWait}</p>
      ) : (
        <BulkForm
          draft={draft}
          onDraft={setDraft}
          scopes={scopes}
          scope={scope}
          onScope={setScope}
          isReady={bulkChange(draft, self) !== undefined}
          onSubmit={() => void look()}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
