// What conditions would have hidden in the last days; asked for after a pause in typing.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { SilencePreview as Preview } from "../api/contract.ts";
import { type PreviewQuestion, silencePreviewQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";

const TYPING_PAUSE_MS = 400;

export function SilencePreview(question: PreviewQuestion) {
  const { messages, formats } = useSpeech();
  const texts = messages.silences;
  const asked = useSettled(JSON.stringify(question));
  // It was written two lines above.
  const settled = JSON.parse(asked) as PreviewQuestion;
  const { data, error } = useQuery({
    ...silencePreviewQuery(settled),
    enabled: settled.matchers.length > 0,
    placeholderData: keepPreviousData,
  });
  const isReady = data !== undefined && settled.matchers.length > 0;
  return (
    <section className="silence-preview" aria-labelledby="silence-preview">
      <h3 id="silence-preview">{texts.preview}</h3>
      <div role="status">
        {settled.matchers.length === 0 && <p className="muted">{texts.previewNone}</p>}
        {error !== null && <p className="alert alert-danger">{errorText(error, messages)}</p>}
        {settled.matchers.length > 0 && data === undefined && error === null && (
          <p className="muted">{texts.previewWait}</p>
        )}
        {isReady && (
          <>
            <ul>
              {data.spans.map(({ days, findings, signals }) => (
                <li key={days}>
                  {texts.previewSpan(days, formats.number(findings), formats.number(signals))}
                </li>
              ))}
              <li>{texts.leaving(data.leaving)}</li>
            </ul>
            {data.truncated && <p className="muted">{texts.previewTruncated}</p>}
            <Warnings preview={data} />
          </>
        )}
      </div>
    </section>
  );
}

function Warnings({ preview }: { readonly preview: Preview }) {
  const { messages } = useSpeech();
  const texts = messages.silences;
  const longest = preview.spans.at(-1);
  if (longest === undefined) return null;
  return (
    <>
      {longest.gravest > 0 && (
        <div className="alert alert-danger">
          <p>{texts.gravest(longest.gravest)}</p>
          <Rows rows={preview.gravest} />
        </div>
      )}
      {longest.truePositives > 0 && (
        <div className="alert">
          <p>{texts.truePositives(longest.truePositives)}</p>
          <Rows rows={preview.truePositives} />
        </div>
      )}
    </>
  );
}

function Rows({ rows }: { readonly rows: Preview["examples"] }) {
  const { formats } = useSpeech();
  return (
    <ul>
      {rows.map((row) => (
        <li key={row.id}>
          <span className="tabular">{formats.moment(row.lastEventAt)}</span>{" "}
          <HostileText text={row.title} />{" "}
          <span className="mono">
            <HostileText text={row.entities.map(({ value }) => value).join(", ")} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The value once it has stayed the same for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
