// What the score is made of: every part with its points, so that the order of the queue can be argued.
import type { Finding } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

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
                <HostileText text={part.detail} />
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
