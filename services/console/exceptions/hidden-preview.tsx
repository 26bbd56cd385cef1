// What an exception or a maintenance window would have hidden in the last 30 days, with every finding that
// was ever judged true positive, and whether a second person has to agree.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useId, useState } from "react";
import type { HiddenPreview as Preview } from "../api/case-contract.ts";
import { type HiddenQuestion, hiddenPreviewQuery } from "../api/case-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { formFault } from "../shell/form-fault.ts";
import { HostileText } from "../shell/hostile-text.tsx";

const TYPING_PAUSE_MS = 400;

export function HiddenPreview({ question }: { readonly question: HiddenQuestion }) {
  const { messages } = useSpeech();
  const { preview: texts } = messages.cases;
  const id = useId();
  const settled = useSettled(question);
  const isAsked = settled.matchers.length > 0;
  const { data, error } = useQuery({
    ...hiddenPreviewQuery(settled),
    enabled: isAsked,
    placeholderData: keepPreviousData,
  });
  return (
    <section className="silence-preview" aria-labelledby={id}>
      <h3 id={id}>{texts.title}</h3>
      <div role="status">
        {!isAsked && <p className="muted">{texts.none}</p>}
        {isAsked && error !== null && (
          <p className="alert alert-danger">{formFault(error, messages)}</p>
        )}
        {isAsked && error === null && data === undefined && <p className="muted">{texts.wait}</p>}
        {isAsked && error === null && data !== undefined && <Counts preview={data} />}
      </div>
    </section>
  );
}

function Counts({ preview }: { readonly preview: Preview }) {
  const { messages, formats } = useSpeech();
  const { preview: texts, consent } = messages.cases;
  const { days, findings, signals, leaving, critical, truePositives, truncated, needs } = preview;
  return (
    <>
      <ul>
        <li>{texts.counts(days, formats.number(findings), formats.number(signals))}</li>
        <li>{texts.leaving(formats.number(leaving))}</li>
      </ul>
      {truncated && <p className="muted">{texts.truncated}</p>}
      {critical > 0 && <p className="alert">{texts.critical(formats.number(critical))}</p>}
      {truePositives.length > 0 && (
        <div className="alert alert-danger">
          <p>{texts.truePositives(formats.number(truePositives.length))}</p>
          <Rows rows={truePositives} />
        </div>
      )}
      {preview.examples.length > 0 && (
        <details>
          <summary>{texts.examples}</summary>
          <Rows rows={preview.examples} />
        </details>
      )}
      {needs.length === 0 ? (
        <p>{texts.alone}</p>
      ) : (
        <div>
          <p>{texts.second}</p>
          <ul>
            {needs.map((need) => (
              <li key={need}>{consent.needs[need]}</li>
            ))}
          </ul>
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
          <Link to="/warteschlange/$id" params={{ id: row.id }} target="_blank">
            <HostileText text={row.title} />
          </Link>{" "}
          <span className="mono">
            <HostileText text={row.entities.map(({ value }) => value).join(", ")} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The question once it has stayed the same for a moment. */
function useSettled(question: HiddenQuestion): HiddenQuestion {
  const key = JSON.stringify(question);
  const [settled, setSettled] = useState(question);
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal questions are told by their text
  useEffect(() => {
    const timer = setTimeout(() => setSettled(question), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}
