// Why the finding was raised: the rule's own words and the fields that it matched, marked.
import { useMemo } from "react";
import type { Finding } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import { markRanges } from "../model/mark-ranges.ts";
import { HostileText } from "../shell/hostile-text.tsx";

type Matched = Finding["evidence"][number]["matched"][number];

export function Why({ finding }: { readonly finding: Finding }) {
  const { messages } = useSpeech();
  const matched = useMemo(() => distinct(finding.evidence.flatMap((e) => e.matched)), [finding]);
  const texts = messages.finding;
  return (
    <section aria-labelledby="why">
      <h3 id="why">{texts.why}</h3>
      <p className="prose">
        <HostileText text={finding.detector.description} />
      </p>
      {matched.length > 0 && (
        <table className="data matched-table">
          <caption className="kern-sr-only">{texts.matched}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.field}</th>
              <th scope="col">{texts.condition}</th>
              <th scope="col">{texts.value}</th>
            </tr>
          </thead>
          <tbody>
            {matched.map((hit) => (
              <MatchedRow key={keyOf(hit)} hit={hit} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function MatchedRow({ hit }: { readonly hit: Matched }) {
  const marks = useMemo(() => markRanges(hit.value, hit.operator, hit.pattern), [hit]);
  return (
    <tr>
      <th scope="row" className="mono">
        <HostileText text={hit.field} />
      </th>
      <td className="condition">
        <span className="operator">
          <HostileText text={hit.operator} />
        </span>{" "}
        <code>
          <HostileText text={hit.pattern} />
        </code>
      </td>
      <td className="mono value">
        <HostileText text={hit.value} marks={marks} />
      </td>
    </tr>
  );
}

/** Values shown: a finding of many signals repeats the same ones. */
const DISTINCT_MAX = 12;

function distinct(matched: readonly Matched[]): Matched[] {
  return [...new Map(matched.map((hit) => [keyOf(hit), hit])).values()].slice(0, DISTINCT_MAX);
}

function keyOf(hit: Matched): string {
  return JSON.stringify([hit.field, hit.operator, hit.pattern, hit.value]);
}
