// A modal dialog on the platform's own <dialog>: focus stays inside, Escape closes, focus returns.
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useSpeech } from "../messages/language.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly onKey?: (key: string) => void;
  readonly children: ReactNode;
}

/** Opens when it is rendered and closes when it goes. */
export function Dialog({ title, onClose, onKey, children }: DialogProps) {
  const { messages } = useSpeech();
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    // Not the close button, which comes first: a space in what is typed would press it.
    dialog?.querySelector<HTMLElement>(".dialog-body :is([data-first], textarea, button)")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      // The button has gone with what the dialog did: reading goes on with the page.
      else if (document.activeElement === document.body)
        document.getElementById("content")?.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className="kern-dialog dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (!event.ctrlKey && !event.metaKey && !event.altKey) onKey?.(event.key);
      }}
    >
      <header className="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label={messages.common.close}
          onClick={onClose}
        >
          ×
        </button>
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
