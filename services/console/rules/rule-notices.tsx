// What is not loaded and why, and exceptions that deserve a look: what people would otherwise trust in
// without cause.
import type { ReactNode } from "react";
import type { RulesAnswer } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { type RulesOfProcess, ruleGroups } from "../model/rule-groups.ts";
import { maturityName } from "../model/term-name.ts";
import { ColumnHeads } from "../shell/column-heads.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

export function Faults({ faults }: Pick<RulesAnswer, "faults">) {
  const { messages } = useSpeech();
  return (
    <section className="alert" aria-labelledby="faults">
      <h2 id="faults">{messages.rules.faultsTitle}</h2>
      <Places entries={faults.map(({ place, message }) => ({ place, text: message }))} />
    </section>
  );
}

/** Nothing where all processes have the same rules. */
export function Differing({ processes }: { readonly processes: readonly RulesOfProcess[] }) {
  const { messages, formats } = useSpeech();
  const texts = messages.rules;
  const groups = ruleGroups(processes);
  if (groups.length < 2) return null;
  return (
    <section className="alert" aria-labelledby="differing">
      <h2 id="differing">{texts.differing}</h2>
      <ul>
        {groups.map(({ fingerprint, names, rules }) => (
          <li key={fingerprint}>
            <HostileText text={texts.ruleGroup(names.join(", "), formats.number(rules))} />
          </li>
        ))}
      </ul>
      <p>{texts.differingHint}</p>
    </section>
  );
}

export function Notes({ notes }: Pick<RulesAnswer, "notes">) {
  const { messages, formats } = useSpeech();
  const texts = messages.rules;
  const entries = notes.map(({ place, title, code, detail }) => {
    return { place, text: `${title}: ${texts.notes[code](detail)}` };
  });
  return (
    <section className="alert" aria-labelledby="notes">
      <h2 id="notes">{texts.notesTitle(formats.number(notes.length))}</h2>
      <Places entries={entries} />
    </section>
  );
}

/** Closed at first: SigmaHQ alone has hundreds of them. */
export function LeftOut({ leftOut }: Pick<RulesAnswer, "leftOut">) {
  const { messages, formats } = useSpeech();
  const texts = messages.rules;
  const entries = leftOut.map(({ place, title, reason, detail }) => {
    const word = reason === "status" ? maturityName(detail, messages) : detail;
    return { place, text: `${title}: ${texts.leftOut[reason](word)}` };
  });
  return (
    <Fold title={texts.leftOutTitle(formats.number(leftOut.length))}>
      <p className="muted">{texts.leftOutHint}</p>
      <Places entries={entries} />
    </Fold>
  );
}

export function Costs({ costs }: Pick<RulesAnswer, "costs">) {
  const { messages, formats } = useSpeech();
  const texts = messages.rules;
  return (
    <Fold title={texts.costsTitle}>
      <p className="muted">{texts.costsHint}</p>
      <table className="data wide">
        <caption className="kern-sr-only">{texts.costsTitle}</caption>
        <ColumnHeads
          heads={[texts.rule, { number: texts.costShare }, { number: texts.costTime }]}
        />
        <tbody>
          {costs.map(({ id, title, share, microseconds }) => (
            <tr key={id}>
              <th scope="row">
                <HostileText text={title} />
              </th>
              <td className="number tabular" data-label={texts.costShare}>
                {formats.share(share)}
              </td>
              <td className="number tabular" data-label={texts.costTime}>
                {texts.microseconds(formats.rate(microseconds))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Fold>
  );
}

interface FoldProps {
  readonly title: string;
  readonly children: ReactNode;
}

function Fold({ title, children }: FoldProps) {
  return (
    <details className="rule-fold">
      <summary>{title}</summary>
      {children}
    </details>
  );
}

interface PlacesProps {
  readonly entries: readonly { readonly place: string; readonly text: string }[];
}

function Places({ entries }: PlacesProps) {
  return (
    <dl className="faults">
      {entries.map(({ place, text }) => (
        <div key={`${place} ${text}`}>
          <dt className="mono">
            <HostileText text={place} />
          </dt>
          <dd>
            <HostileText text={text} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
