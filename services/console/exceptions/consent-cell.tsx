// Whether a second person has to agree, why, and the button with which they do.
import type { Consent } from "../api/case-contract.ts";
import { useSpeech } from "../messages/language.tsx";

interface ConsentProps {
  readonly consent: Consent;
  readonly isWaiting: boolean;
  /** The reader's own account id. */
  readonly self: string | undefined;
  /** Undefined: the reader may not. */
  readonly onAgree: (() => void) | undefined;
  /** The word on the button, and what it is about for those who only hear it. */
  readonly word: string;
  readonly about: string;
}

export function ConsentCell(props: ConsentProps) {
  const { consent, isWaiting, self, onAgree, word, about } = props;
  const { messages, formats } = useSpeech();
  const { consent: texts } = messages.cases;
  const { needs, agreedAt, proposedBy } = consent;
  if (needs.length === 0) return <span className="muted">{texts.none}</span>;
  if (agreedAt !== undefined) return <span>{texts.agreed(formats.moment(agreedAt))}</span>;
  return (
    <div className="table-steps">
      <span>{isWaiting ? texts.waiting : messages.common.none}</span>
      <ul className="muted small">
        {needs.map((need) => (
          <li key={need}>{texts.needs[need]}</li>
        ))}
      </ul>
      {isWaiting && proposedBy === self && <span className="small">{texts.self}</span>}
      {isWaiting && proposedBy !== self && onAgree !== undefined && (
        <button type="button" className="judge" aria-label={`${word}: ${about}`} onClick={onAgree}>
          {word}
        </button>
      )}
    </div>
  );
}
