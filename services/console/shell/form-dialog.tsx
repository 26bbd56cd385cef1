// A form in a dialog: its fields, the server's refusal beside them, and one button that sends. It stays open
// with all that was typed until the server has taken it.
import { type FormEvent, type ReactNode, useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { Fault } from "../sign-in/form-parts.tsx";
import { Dialog } from "./dialog.tsx";
import { formFault } from "./form-fault.ts";

interface FormDialogProps {
  readonly title: string;
  readonly submit: string;
  readonly intro?: string;
  /** Rejects when the server refuses. */
  readonly onSubmit: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function FormDialog(props: FormDialogProps) {
  const { title, submit, intro, onSubmit, onClose, children } = props;
  const { messages } = useSpeech();
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setFault("");
    setBusy(true);
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      setFault(formFault(error, messages));
      setBusy(false);
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={(event) => void send(event)}>
        {intro !== undefined && <p className="muted">{intro}</p>}
        <Fault text={fault} />
        {children}
        <div className="dialog-actions">
          <button type="button" className="kern-btn kern-btn--secondary" onClick={onClose}>
            <span className="kern-label">{messages.common.cancel}</span>
          </button>
          <button type="submit" className="kern-btn kern-btn--primary" aria-disabled={busy}>
            <span className="kern-label">{submit}</span>
          </button>
        </div>
      </form>
    </Dialog>
  );
}
