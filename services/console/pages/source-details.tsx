// Everything that is known of one source, as pairs of name and value.
import type { SourceAnswer } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { clockWords, ndigWords, silenceWords } from "../model/source-words.ts";
import { HostileText } from "../shell/hostile-text.tsx";

export function SourceDetails({ source }: { readonly source: SourceAnswer }) {
  const { messages, formats } = useSpeech();
  const texts = messages.sources;
  const { none } = messages.common;
  const moment = (at: number | undefined) => (at === undefined ? none : formats.moment(at));
  const span = (ms: number | undefined) => (ms === undefined ? none : signedSpan(ms, formats.span));
  const pairs: readonly (readonly [string, string])[] = [
    [texts.firstSeen, moment(source.firstSeenAt)],
    [texts.lastSeen, moment(source.lastSeenAt)],
    [texts.lastEvent, moment(source.lastEventAt)],
    [texts.lagMedian, span(source.lagMedianMs)],
    [texts.lagMax, span(source.lagMaxMs)],
    [texts.clock, clockWords(source, messages, formats)],
    [texts.silence, silenceWords(source, messages, formats)],
    [texts.ndigClass, ndigWords(source, messages)],
    [texts.dataClass, dataClassWords(source.dataClass, texts)],
    [texts.records, formats.number(source.records)],
    [texts.failed, formats.number(source.failed)],
    [texts.usualShare, formats.share(source.usualShare)],
  ];
  return (
    <div className="source-details">
      <dl className="source-pairs">
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Counts title={texts.formats} counts={source.formats} />
      <Counts title={texts.reasons} counts={source.reasons} />
      {source.hosts.length > 0 && (
        <section>
          <h3>{texts.hosts}</h3>
          <ul>
            {source.hosts.map((host) => (
              <li key={host.name}>
                <span className="mono">
                  <HostileText text={host.name} />
                </span>{" "}
                {formats.moment(host.lastSeenAt)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Counts({
  title,
  counts,
}: {
  readonly title: string;
  readonly counts: SourceAnswer["formats"];
}) {
  const { formats } = useSpeech();
  if (counts.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {counts.map(({ name, records }) => (
          <li key={name}>
            <span className="mono">
              <HostileText text={name} />
            </span>{" "}
            <span className="tabular">{formats.number(records)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function signedSpan(ms: number, span: (ms: number) => string): string {
  return ms < 0 ? `−${span(-ms)}` : span(ms);
}

function dataClassWords(
  name: string | undefined,
  texts: { readonly dataClasses: Readonly<Record<string, string>>; readonly byFormat: string },
): string {
  if (name === undefined) return texts.byFormat;
  return Object.hasOwn(texts.dataClasses, name) ? (texts.dataClasses[name] ?? name) : name;
}
