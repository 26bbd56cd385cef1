// "Undetermined" needs a sentence that says what is missing.
import { type KeyboardEvent, useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { Dialog } from "../shell/dialog.tsx";

interface SentenceDialogProps {
  readonly onSave: (comment: string) => void;
  readonly onClose: () => void;
}

/** The store's own limit of a comment. */
const COMMENT_CHARS_MAX = 2000;

export function SentenceDialog({ onSave, onClose }: SentenceDialogProps) {
  const { messages } = useSpeech();
  const [text, setText] = useState("");
  const save = () => {
    if (text.trim() !== "") onSave(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
  };
  return (
    <Dialog title={messages.finding.undeterminedTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <div className="kern-form-input">
          <label className="kern-label" htmlFor="sentence">
            {messages.finding.sentence}
          </label>
          <span className="kern-hint" id="sentence-hint">
            {messages.finding.sentenceHint}
          </span>
          <textarea
            id="sentence"
            className="kern-form-input__input"
            rows={3}
            required
            maxLength={COMMENT_CHARS_MAX}
            aria-describedby="sentence-hint"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        </div>
        <div className="dialog-actions">
          <button type="button" className="kern-btn kern-btn--secondary" onClick={onClose}>
            <span className="kern-label">{messages.common.cancel}</span>
          </button>
          <button type="submit" className="kern-btn kern-btn--primary">
            <span className="kern-label">{messages.finding.save}</span>
          </button>
        </div>
      </form>
    </Dialog>
  );
}
