// The buttons of judging, each with its key; or the verdict that stands and how to take it back.
import type { Finding } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import type { Verdict } from "../model/key-map.ts";
import { usePreferences } from "../shell/preferences.tsx";
import { type Target, useTriage } from "./triage.tsx";

const BUTTONS: readonly (readonly [Verdict, string])[] = [
  ["true_positive", "T"],
  ["benign_true_positive", "B"],
  ["false_positive", "F"],
  ["duplicate", "D"],
  ["undetermined", "U"],
];

interface VerdictBarProps {
  readonly target: Target;
  readonly verdict: Finding["verdict"];
}

export function VerdictBar({ target, verdict }: VerdictBarProps) {
  const { messages } = useSpeech();
  const triage = useTriage();
  const texts = messages.finding;
  return (
    <div className="verdict-bar" role="group" aria-label={texts.judge}>
      {BUTTONS.map(([name, key]) => (
        <button
          key={name}
          type="button"
          className={`judge judge-${name}`}
          aria-pressed={verdict?.verdict === name}
          title={messages.verdictHint[name]}
          onClick={() => triage.judge(target, name)}
        >
          {messages.verdict[name]}
          <Key name={key} />
        </button>
      ))}
      <span className="verdict-gap" />
      {target.status === "new" && (
        <button
          type="button"
          className="judge"
          onClick={() => triage.setStatus(target, "in_progress")}
        >
          {texts.start}
          <Key name="S" />
        </button>
      )}
      {verdict !== undefined && (
        <button type="button" className="judge" onClick={() => triage.undo(target)}>
          {texts.undo}
          <Key name="Z" />
        </button>
      )}
    </div>
  );
}

/** The key of a button; not shown while single-key shortcuts are off. */
function Key({ name }: { readonly name: string }) {
  const { preferences } = usePreferences();
  return preferences.shortcuts ? <kbd aria-hidden="true">{name}</kbd> : null;
}
