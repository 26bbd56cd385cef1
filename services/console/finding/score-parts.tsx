// What the score is made of: every part with its points, so that the order of the queue can be argued.
import type { Finding, ScorePart } from "../../store/finding.ts";
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import type { Formats } from "../model/format.ts";
import { maturityName, tacticName } from "../model/term-name.ts";
import { HostileText } from "../shell/hostile-text.tsx";

/** Beyond it a number says no more. */
const OFTEN_MAX = 1e9;

export function ScoreParts({ finding }: { readonly finding: Finding }) {
  const { messages, formats } = useSpeech();
  const texts = messages.finding;
  const widest = Math.max(1, ...finding.scoreParts.map((part) => Math.abs(part.points)));
  return (
    <section aria-labelledby="score-parts">
      <h3 id="score-parts">{texts.scoreParts}</h3>
      <table className="data score-table">
        <caption className="kern-sr-only">{texts.scoreParts}</caption>
        <tbody>
          {finding.scoreParts.map((part) => (
            <tr key={part.key}>
              <th scope="row">{texts.parts[part.key]}</th>
              <td className="number tabular">{formats.rate(part.points)}</td>
              <td className="score-cell">
                <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                  <rect
                    className="part-fill"
                    width={(100 * Math.abs(part.points)) / widest}
                    height="8"
                  />
                </svg>
              </td>
              <td className="muted">
                <HostileText text={partDetail(part, messages, formats)} />
              </td>
            </tr>
          ))}
          <tr className="total">
            <th scope="row">{texts.score}</th>
            <td className="number tabular">{formats.number(finding.score)}</td>
            <td className="score-cell" />
            <td className="muted">{messages.queue.score(Math.round(finding.score))}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

/** The facts that a part was made from, as a sentence's half. */
function partDetail({ key, detail, points }: ScorePart, messages: Messages, formats: Formats) {
  const texts = messages.finding.partDetails;
  switch (key) {
    case "severity": {
      const levels: Readonly<Record<string, string>> = messages.level;
      return texts.severity(levels[detail] ?? detail);
    }
    case "confidence": {
      // The rule's status, and once findings were judged: false alarms/judged ones.
      const [, status = detail, wrong, all] = /^(\S+) (\d+)\/(\d+)$/.exec(detail) ?? [];
      const maturity = maturityName(status, messages);
      return wrong === undefined || all === undefined
        ? texts.confidence(maturity)
        : texts.experience(maturity, wrong, all);
    }
    case "unusual": {
      // The tail, and once something like it was judged: the factor of its rank, false alarms/judged ones.
      const [, tail = detail, wrong, all] = /^(\S+) \S+ (\d+)\/(\d+)$/.exec(detail) ?? [];
      const often = messages.unusual.improbable(
        formats.number(Math.min(OFTEN_MAX, 1 / Number(tail))),
      );
      if (wrong === undefined || all === undefined) return often;
      return often + messages.unusual.judged(wrong, all);
    }
    case "progress": {
      const tactics = detail === "" ? [] : detail.split(", ");
      const names = new Set(tactics.map((tactic) => tacticName(tactic, messages)));
      return texts.progress(tactics.length, [...names].join(", "));
    }
    case "volume":
      return texts.volume(formats.number(Number(detail)));
    case "asset":
      return texts.asset(points > 0);
    case "rarity":
      return texts.rarity(formats.number(Number(detail)));
    case "intelligence":
      return detail;
  }
}
