// The buttons of judging, each with its key; or the verdict that stands and how to take it back.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Finding } from "../../store/finding.ts";
import { sessionQuery } from "../api/queries.ts";
import { BlockButton } from "../block-lists/block-button.tsx";
import { ExceptionButton } from "../exceptions/exception-button.tsx";
import { useSpeech } from "../messages/language.tsx";
import type { Verdict } from "../model/key-map.ts";
import { draftOf, type SilenceDraft } from "../model/silence-draft.ts";
import { KeyHint } from "../shell/key-hint.tsx";
import { SilenceDialog } from "./silence-dialog.tsx";
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
  readonly finding: Finding;
  readonly onDeclare: () => void;
}

export function VerdictBar({ target, finding, onDeclare }: VerdictBarProps) {
  const { verdict } = finding;
  const [draft, setDraft] = useState<SilenceDraft | undefined>();
  const { messages } = useSpeech();
  const triage = useTriage();
  const texts = messages.finding;
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  if (!session?.capabilities.includes("findings:write")) return null;
  return (
    <fieldset className="verdict-bar">
      <legend className="kern-sr-only">{texts.judge}</legend>
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
          <KeyHint name={key} />
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
          <KeyHint name="S" />
        </button>
      )}
      {finding.incident === undefined && (
        <button type="button" className="judge" onClick={onDeclare}>
          {messages.grouping.declare}
          <KeyHint name="A" />
        </button>
      )}
      <button
        type="button"
        className="judge"
        onClick={() => setDraft(draftOf(finding, Date.now()))}
      >
        {messages.silences.mute}
      </button>
      {draft && <SilenceDialog draft={draft} onClose={() => setDraft(undefined)} />}
      <ExceptionButton finding={finding} />
      <BlockButton kind="finding" id={finding.id} />
      {verdict !== undefined && (
        <button type="button" className="judge" onClick={() => triage.undo(target)}>
          {texts.undo}
          <KeyHint name="Z" />
        </button>
      )}
    </fieldset>
  );
}
