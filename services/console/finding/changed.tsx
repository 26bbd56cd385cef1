// What models say of changed surroundings: the sentence, and its examples and numbers without the marks that a
// rule's matches have.
import type { Finding } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

type Matched = Finding["evidence"][number]["matched"][number];

/** Name of the field whose value is the sentence. */
const EXPLANATION = "explanation";
/** A finding that grows tells the same again. */
const ROWS_MAX = 40;

interface ChangedProps {
  readonly matched: readonly Matched[];
  readonly summary: string;
}

export function Changed({ matched, summary }: ChangedProps) {
  const { messages } = useSpeech();
  const texts = messages.unusual;
  const sentences = matched.flatMap(({ field, value }) => (field === EXPLANATION ? [value] : []));
  const unsaid = [...new Set(sentences)].filter((one) => !summary.includes(one));
  const rows = matched.filter(({ field }) => field !== EXPLANATION).slice(0, ROWS_MAX);
  return (
    <div className="unusual">
      {unsaid.map((sentence) => (
        <p key={sentence} className="prose">
          <HostileText text={sentence} />
        </p>
      ))}
      {rows.length > 0 && (
        <table className="data changed-table">
          <caption className="muted small">{texts.details}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.detail}</th>
              <th scope="col">{texts.seen}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ field, pattern, value }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: evidence never changes, and two may be alike
              <tr key={at}>
                <th scope="row">
                  <HostileText text={pattern === "" ? field : pattern} />
                </th>
                <td className="mono value">
                  <HostileText text={value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
