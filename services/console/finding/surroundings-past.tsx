// How often a finding's rule fired in the last days, and how people judged it: of the rule, never of people.
import type { FindingContext } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";

type DetectorPast = Extract<FindingContext["detector"], { state: "known" }>["value"];

export function Past({ past }: { readonly past: DetectorPast }) {
  const { messages, formats } = useSpeech();
  const texts = messages.surroundings;
  const { days, findings, unjudged, verdicts } = past;
  return (
    <>
      <p>{texts.fired(findings, formats.number(findings), formats.number(days))}</p>
      {findings > 0 && (
        <ul className="tags">
          {entriesOf(verdicts)
            .filter(([, count]) => count > 0)
            .map(([verdict, count]) => (
              <li key={verdict}>
                {texts.judged(formats.number(count), messages.verdict[verdict])}
              </li>
            ))}
          {unjudged > 0 && <li>{texts.unjudged(formats.number(unjudged))}</li>}
        </ul>
      )}
    </>
  );
}

function entriesOf(verdicts: DetectorPast["verdicts"]) {
  // The keys of a record are those that its type names.
  return Object.entries(verdicts) as [keyof DetectorPast["verdicts"], number][];
}
