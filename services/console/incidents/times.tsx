// The times of an incident with how each is known, and what the attack did.
import type { Incident } from "../api/case-contract.ts";
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import type { Formats } from "../model/format.ts";
import { IMPACT_KEYS } from "../model/time-statement.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { useIncident } from "./use-incident.ts";

const MINUTE_S = 60;

export function Times() {
  const { messages, formats } = useSpeech();
  const { incident } = useIncident();
  const { times: texts } = messages.incidents;
  return (
    <div>
      <section aria-labelledby="times">
        <h2 id="times">{texts.title}</h2>
        <table className="data wide">
          <thead>
            <tr>
              <th scope="col">{texts.name}</th>
              <th scope="col">{texts.at}</th>
              <th scope="col">{texts.method}</th>
            </tr>
          </thead>
          <tbody>
            {rowsOf(incident, messages, formats).map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td className="tabular" data-label={texts.at}>
                  {row.at === undefined ? (
                    <strong>{row.none}</strong>
                  ) : (
                    <time dateTime={new Date(row.at).toISOString()}>{formats.moment(row.at)}</time>
                  )}
                  {row.note !== undefined && <span className="muted small note">{row.note}</span>}
                </td>
                <td data-label={texts.method}>
                  {row.method}
                  {row.reason !== undefined && (
                    <span className="muted small note">
                      <HostileText text={row.reason} />
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {incident.reopened.map(({ at, reason }) => (
          <p key={at} className="small">
            <HostileText text={texts.reopened(formats.moment(at), reason)} />
          </p>
        ))}
      </section>
      <Impact />
    </div>
  );
}

function Impact() {
  const { messages, formats } = useSpeech();
  const { incident } = useIncident();
  const { impact: texts } = messages.incidents;
  const { containmentDowntimeS: downtime } = incident;
  return (
    <section aria-labelledby="impact">
      <h2 id="impact">{texts.title}</h2>
      <dl className="facts">
        {IMPACT_KEYS.map((key) => (
          <div key={key}>
            <dt>{texts.keys[key]}</dt>
            <dd>{texts.values[incident.impact[key]]}</dd>
          </div>
        ))}
      </dl>
      {downtime !== undefined && <p>{texts.downtime(formats.number(downtime / MINUTE_S))}</p>}
    </section>
  );
}

interface TimeRow {
  readonly name: string;
  readonly at: number | undefined;
  /** In place of a time. */
  readonly none: string;
  readonly method: string;
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
}

/** Optional times that nobody waits for are left out while they are not there. */
function rowsOf(incident: Incident, messages: Messages, formats: Formats): TimeRow[] {
  const { times: texts, methods } = messages.incidents;
  const { firstCompromise, contained, recovered, disputed = [] } = incident;
  const stated = (name: string, time: Incident["contained"]): TimeRow => {
    if (time === undefined) return { name, at: undefined, none: texts.open, method: "" };
    const evidence = time.evidenceIds.length === 0 ? "" : ` (${time.evidenceIds.length})`;
    const method = `${methods[time.method]}${evidence}`;
    return { name, at: time.at, none: texts.unknown, method, reason: time.reason };
  };
  const computed = (name: string, at: number | undefined, isDisputed = false): TimeRow => ({
    ...{ name, at, none: texts.open, method: texts.computed },
    ...(isDisputed ? { note: texts.disputed } : {}),
  });
  const first = (at: number | undefined) =>
    at === undefined ? {} : { note: texts.first(formats.moment(at)) };
  const optional = (row: TimeRow) => (row.at === undefined ? [] : [row]);
  return [
    compromiseRow(firstCompromise, messages, formats),
    computed(texts.detected, incident.detectedAt, disputed.includes("detectedAt")),
    computed(texts.identified, incident.identifiedAt, disputed.includes("identifiedAt")),
    ...optional({
      ...{ name: texts.firstImpact, at: incident.firstImpactAt },
      ...{ none: texts.unknown, method: texts.stated },
    }),
    stated(texts.contained, contained),
    { ...stated(texts.recovered, recovered), ...first(incident.recoveredFirstAt) },
    ...optional({
      ...computed(texts.corrective, incident.correctiveCompletedAt),
      ...first(incident.correctiveCompletedFirstAt),
    }),
    ...optional({ ...computed(texts.closed, incident.closedAt), method: texts.stated }),
  ];
}

function compromiseRow(
  { at, method, reason, evidenceIds, earliest, latest }: Incident["firstCompromise"],
  messages: Messages,
  formats: Formats,
): TimeRow {
  const { times: texts, methods } = messages.incidents;
  const evidence = evidenceIds.length === 0 ? "" : ` (${evidenceIds.length})`;
  const bound = (one: number | undefined) =>
    one === undefined ? messages.common.none : formats.moment(one);
  const isBounded = earliest !== undefined || latest !== undefined;
  return {
    ...{ name: texts.compromise, at, method: `${methods[method]}${evidence}`, reason },
    none: method === "pre_compromise" ? methods.pre_compromise : texts.unknown,
    ...(isBounded ? { note: texts.bounds(bound(earliest), bound(latest)) } : {}),
  };
}
