// The button on a finding's or incident's page that proposes an entry of a block list.
import { useState } from "react";
import { useReader } from "../exceptions/use-change.ts";
import { useSpeech } from "../messages/language.tsx";
import { BlockDialog } from "./block-dialog.tsx";

interface BlockButtonProps {
  readonly kind: "finding" | "incident";
  readonly id: string;
}

export function BlockButton({ kind, id }: BlockButtonProps) {
  const { messages } = useSpeech();
  const { mayWrite } = useReader();
  const [open, setOpen] = useState(false);
  if (!mayWrite) return null;
  return (
    <>
      <button type="button" className="judge" onClick={() => setOpen(true)}>
        {messages.blocks.add}
      </button>
      {open && <BlockDialog occasion={{ kind, id }} onClose={() => setOpen(false)} />}
    </>
  );
}
