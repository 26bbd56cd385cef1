// Somebody else changed the finding first: what changed, and the choice to judge all the same.

import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import type { FindingChange } from "../model/finding-changes.ts";
import type { Verdict } from "../model/key-map.ts";
import { Dialog } from "../shell/dialog.tsx";

interface ConflictDialogProps {
  readonly changes: readonly FindingChange[];
  readonly verdict: Verdict;
  readonly onApply: () => void;
  readonly onClose: () => void;
}

export function ConflictDialog({ changes, verdict, onApply, onClose }: ConflictDialogProps) {
  const { messages } = useSpeech();
  const texts = messages.finding;
  return (
    <Dialog title={texts.conflictTitle} onClose={onClose}>
      <p>{texts.conflictText}</p>
      {changes.length === 0 ? (
        <p>{texts.conflictSame}</p>
      ) : (
        <dl className="changes">
          {changes.map((change) => (
            <div key={change.what}>
              <dt>{texts.changes[change.what]}</dt>
              <dd>
                <del>{wordOf(change, change.before, messages)}</del>
                <span aria-hidden="true"> → </span>
                <ins>{wordOf(change, change.after, messages)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <div className="dialog-actions">
        <button type="button" className="kern-btn kern-btn--secondary" onClick={onApply}>
          <span className="kern-label">{texts.conflictApply(messages.verdict[verdict])}</span>
        </button>
        <button type="button" className="kern-btn kern-btn--primary" onClick={onClose}>
          <span className="kern-label">{texts.conflictKeep}</span>
        </button>
      </div>
    </Dialog>
  );
}

function wordOf(change: FindingChange, value: string | undefined, messages: Messages): string {
  if (value === undefined) return messages.common.none;
  const words: Readonly<Record<string, string>> =
    change.what === "status" ? messages.status : change.what === "verdict" ? messages.verdict : {};
  return Object.hasOwn(words, value) ? (words[value] ?? value) : value;
}
