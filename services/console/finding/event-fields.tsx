// An event as a table of its ECS fields: matched ones on top and marked, the rest behind one click.
import { useMemo } from "react";
import type { Finding } from "../../store/finding.ts";
import { useSpeech } from "../messages/language.tsx";
import { type EvidenceField, evidenceFields } from "../model/evidence-fields.ts";
import { HostileText } from "../shell/hostile-text.tsx";

type Evidence = Finding["evidence"][number];

interface EventFieldsProps {
  readonly document: Evidence["events"][number]["document"];
  readonly matched: Evidence["matched"];
  readonly caption: string;
}

/** Fields that tell most about any event; they stay in sight beside the matched ones. */
const TELLING = [
  "host.name",
  "user.name",
  "source.ip",
  "destination.ip",
  "process.executable",
  "process.command_line",
  "event.code",
  "event.action",
  "event.outcome",
  "message",
];

export function EventFields({ document, matched, caption }: EventFieldsProps) {
  const { messages } = useSpeech();
  const fields = useMemo(() => evidenceFields(document, matched), [document, matched]);
  const [near, far] = useMemo(() => {
    const isNear = (field: EvidenceField) => field.matched || TELLING.includes(field.name);
    return [fields.filter(isNear), fields.filter((field) => !isNear(field))];
  }, [fields]);
  return (
    <>
      {near.length > 0 && <FieldTable fields={near} caption={caption} />}
      {far.length > 0 && (
        <details className="more-fields" open={near.length === 0}>
          <summary>{messages.finding.otherFields(far.length)}</summary>
          <FieldTable fields={far} caption={messages.finding.otherFields(far.length)} />
        </details>
      )}
    </>
  );
}

function FieldTable({
  fields,
  caption,
}: {
  readonly fields: readonly EvidenceField[];
  readonly caption: string;
}) {
  return (
    <table className="data field-table">
      <caption className="kern-sr-only">{caption}</caption>
      <tbody>
        {fields.map((field) => (
          <tr
            key={field.name}
            className={field.matched ? "matched" : undefined}
            data-field={field.name}
            tabIndex={-1}
          >
            <th scope="row" className="mono">
              <HostileText text={field.name} />
            </th>
            <td className="mono value">
              <HostileText text={field.text} marks={field.marks} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
