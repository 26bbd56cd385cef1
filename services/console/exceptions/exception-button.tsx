// The button on a finding's page that makes an exception; only a false positive can become one.
import { useState } from "react";
import type { Finding } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import { ExceptionDialog } from "./exception-dialog.tsx";
import { useReader } from "./use-change.ts";

export function ExceptionButton({ finding }: { readonly finding: Finding }) {
  const { messages } = useSpeech();
  const { mayWrite } = useReader();
  const [open, setOpen] = useState(false);
  if (!mayWrite || finding.verdict?.verdict !== "false_positive") return null;
  return (
    <>
      <button type="button" className="judge" onClick={() => setOpen(true)}>
        {messages.exceptions.make}
      </button>
      {open && <ExceptionDialog finding={finding} onClose={() => setOpen(false)} />}
    </>
  );
}
