// The short sections of a finding: entities, ATT&CK, and lists of sentences from the rule.
import type { Finding } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import { tacticName } from "../model/term-name.ts";
import { HostileText } from "../shell/hostile-text.tsx";

interface StepsProps {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly string[];
  /** Said when the rule has none. */
  readonly empty: string;
  readonly ordered?: boolean;
}

export function Steps({ id, title, steps, empty, ordered = false }: StepsProps) {
  const List = ordered ? "ol" : "ul";
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {steps.length === 0 ? (
        <p className="muted">{empty}</p>
      ) : (
        <List className="steps">
          {steps.map((step) => (
            <li key={step}>
              <HostileText text={step} />
            </li>
          ))}
        </List>
      )}
    </section>
  );
}

export function Entities({ finding }: { readonly finding: Finding }) {
  const { messages } = useSpeech();
  return (
    <section aria-labelledby="entities">
      <h3 id="entities">{messages.finding.entities}</h3>
      <ul className="tags">
        {finding.entities.map((entity) => (
          <li key={`${entity.type} ${entity.value}`}>
            <span className="muted">{messages.entity[entity.type]}</span>
            <span className="mono">
              <HostileText text={entity.value} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Attack({ finding }: { readonly finding: Finding }) {
  const { messages } = useSpeech();
  const { tactics, techniques } = finding.detector;
  return (
    <section aria-labelledby="attack">
      <h3 id="attack">{messages.finding.attack}</h3>
      {tactics.length + techniques.length === 0 ? (
        <p className="muted">{messages.finding.noAttack}</p>
      ) : (
        <ul className="tags">
          {tactics.map((tactic) => (
            <li key={tactic}>
              <HostileText text={tacticName(tactic, messages)} />
            </li>
          ))}
          {techniques.map((technique) => (
            <li key={technique} className="mono">
              <HostileText text={technique} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
