// The second keystroke of a false alarm: 1–4 choose why.
import { useSpeech } from "../messages/language.tsx";
import { type FalsePositiveReason, REASON_ORDER, reasonKey } from "../model/key-map.ts";
import { Dialog } from "../shell/dialog.tsx";

interface ReasonDialogProps {
  readonly onChoose: (reason: FalsePositiveReason) => void;
  readonly onClose: () => void;
}

export function ReasonDialog({ onChoose, onClose }: ReasonDialogProps) {
  const { messages } = useSpeech();
  const onKey = (key: string) => {
    const reason = reasonKey(key);
    if (reason !== undefined) onChoose(reason);
  };
  return (
    <Dialog title={messages.finding.reasonTitle} onClose={onClose} onKey={onKey}>
      <ul className="choices">
        {REASON_ORDER.map((reason, at) => (
          <li key={reason}>
            <button type="button" onClick={() => onChoose(reason)}>
              <kbd>{at + 1}</kbd>
              {messages.reason[reason]}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
