// Why the finding was raised: the rule's own words and the fields that it matched, marked; of a model what it
// says, of an entity or of changed surroundings.
import { useMemo } from "react";
import type { Finding } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import { markRanges } from "../model/mark-ranges.ts";
import { operatorName } from "../model/term-name.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { Changed } from "./changed.tsx";
import { Unusual } from "./unusual.tsx";

type Matched = Finding["evidence"][number]["matched"][number];

export function Why({ finding }: { readonly finding: Finding }) {
  const { messages } = useSpeech();
  const matched = useMemo(() => finding.evidence.flatMap((e) => e.matched), [finding]);
  return (
    <section aria-labelledby="why">
      <h3 id="why">{messages.finding.why}</h3>
      <p className="prose">
        <HostileText text={finding.detector.description} />
      </p>
      <Told finding={finding} matched={matched} />
    </section>
  );
}

interface ToldProps {
  readonly finding: Finding;
  readonly matched: readonly Matched[];
}

function Told({ finding, matched }: ToldProps) {
  const { anomaly, summary, detector } = finding;
  if (anomaly !== undefined)
    return <Unusual anomaly={anomaly} isSaid={summary.includes(anomaly.sentence)} />;
  if (detector.kind === "anomaly") return <Changed matched={matched} summary={summary} />;
  return matched.length === 0 ? null : <MatchedTable matched={matched} />;
}

/** Fields that rules matched, each value once with all that was asked of it. */
export function MatchedTable({ matched }: { readonly matched: readonly Matched[] }) {
  const { messages } = useSpeech();
  const rows = useMemo(() => byValue(distinct(matched)), [matched]);
  const texts = messages.finding;
  return (
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
        {rows.map((hits) => (
          <MatchedRow key={keyOf(hits[0])} hits={hits} />
        ))}
      </tbody>
    </table>
  );
}

function MatchedRow({ hits }: { readonly hits: readonly [Matched, ...Matched[]] }) {
  const { messages } = useSpeech();
  const [{ field, value }] = hits;
  const marks = useMemo(
    () => hits.flatMap((hit) => markRanges(hit.value, hit.operator, hit.pattern)),
    [hits],
  );
  return (
    <tr>
      <th scope="row" className="mono">
        <HostileText text={field} />
      </th>
      <td className="condition">
        <ul>
          {hits.map((hit) => (
            <li key={keyOf(hit)}>
              <span className="operator">
                <HostileText text={operatorName(hit.operator, messages)} />
              </span>{" "}
              <code>
                <HostileText text={hit.pattern} />
              </code>
            </li>
          ))}
        </ul>
      </td>
      <td className="mono value">
        <HostileText text={value} marks={marks} />
      </td>
    </tr>
  );
}

/** Values shown: a finding of many signals repeats the same ones. */
const DISTINCT_MAX = 12;

function distinct(matched: readonly Matched[]): Matched[] {
  return [...new Map(matched.map((hit) => [keyOf(hit), hit])).values()].slice(0, DISTINCT_MAX);
}

/** What was asked of the same value stands in one row. */
function byValue(matched: readonly Matched[]): [Matched, ...Matched[]][] {
  const rows = new Map<string, [Matched, ...Matched[]]>();
  for (const hit of matched) {
    const key = JSON.stringify([hit.field, hit.value]);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, [hit]);
    else row.push(hit);
  }
  return [...rows.values()];
}

function keyOf(hit: Matched): string {
  return JSON.stringify([hit.field, hit.operator, hit.pattern, hit.value]);
}
