// All silences with their state: planned, active, expired; making one, and ending one early.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../api/client.ts";
import type { SilenceAnswer } from "../api/contract.ts";
import { rulesQuery, sessionQuery, silencesQuery } from "../api/queries.ts";
import { SilenceDialog } from "../finding/silence-dialog.tsx";
import { useSpeech } from "../messages/language.tsx";
import { emptyDraft, type SilenceDraft } from "../model/silence-draft.ts";
import { Dialog } from "../shell/dialog.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { HidingNav } from "../shell/sub-nav.tsx";
import { useToast } from "../shell/toast.tsx";
import { useTitle } from "../shell/use-title.ts";

/** Titles of rules change seldom. */
const RULES_STALE_MS = 600_000;

export function SilencesPage() {
  const { messages } = useSpeech();
  const { data, error, isPending } = useQuery(silencesQuery);
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const [draft, setDraft] = useState<SilenceDraft | undefined>();
  const [ending, setEnding] = useState<SilenceAnswer | undefined>();
  const texts = messages.silences;
  useTitle(texts.title);
  const mayChange = session?.capabilities.includes("findings:write") ?? false;
  const silences = data?.silences ?? [];
  return (
    <div className="page">
      <HidingNav />
      <h1>{texts.title}</h1>
      <p className="muted">{texts.intro}</p>
      {mayChange && (
        <button
          type="button"
          className="kern-btn kern-btn--primary"
          onClick={() => setDraft(emptyDraft(Date.now()))}
        >
          <span className="kern-label">{texts.add}</span>
        </button>
      )}
      {isPending && <p className="muted">{messages.common.loading}</p>}
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data && silences.length === 0 && <p className="muted">{texts.none}</p>}
      {silences.length > 0 && (
        <SilenceTable
          silences={silences}
          self={session?.account.id}
          onEnd={mayChange ? setEnding : undefined}
        />
      )}
      {data?.truncated && <p className="muted small">{texts.truncated}</p>}
      {draft && <SilenceDialog draft={draft} onClose={() => setDraft(undefined)} />}
      {ending && <EndDialog silence={ending} onClose={() => setEnding(undefined)} />}
    </div>
  );
}

interface SilenceTableProps {
  readonly silences: readonly SilenceAnswer[];
  readonly self: string | undefined;
  readonly onEnd: ((silence: SilenceAnswer) => void) | undefined;
}

function SilenceTable({ silences, self, onEnd }: SilenceTableProps) {
  const { messages, formats } = useSpeech();
  const { columns, ...texts } = messages.silences;
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{texts.table}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.state}</th>
          <th scope="col">{columns.matchers}</th>
          <th scope="col">{columns.span}</th>
          <th scope="col">{columns.reason}</th>
          <th scope="col" className="number">
            {columns.findings}
          </th>
          {onEnd && <th scope="col">{columns.action}</th>}
        </tr>
      </thead>
      <tbody>
        {silences.map((one) => (
          <tr key={one.id}>
            <td>
              <span className={`chip chip-silence-${one.state}`}>{texts.states[one.state]}</span>
            </td>
            <th scope="row">
              <Conditions silence={one} />
            </th>
            <td data-label={columns.span}>
              {texts.span(formats.moment(one.from), formats.moment(one.until))}
              {one.endedAt !== undefined && (
                <span className="muted small">
                  {" · "}
                  {one.endedAt === one.from
                    ? texts.withdrawn
                    : texts.ended(formats.moment(one.endedAt))}
                </span>
              )}
            </td>
            <td data-label={columns.reason}>
              <HostileText text={one.reason} />{" "}
              <span className="muted small">
                {one.createdBy === self ? texts.by.self : texts.by.other}
              </span>
            </td>
            <td className="number tabular" data-label={columns.findings}>
              {formats.number(one.findings)}
            </td>
            {onEnd && (
              <td>
                {(one.state !== "expired" || one.findings > 0) && (
                  <button type="button" className="judge" onClick={() => onEnd(one)}>
                    {texts.end}
                  </button>
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Conditions({ silence }: { readonly silence: SilenceAnswer }) {
  const { messages } = useSpeech();
  const { operators } = messages.silences;
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const { data: rules } = useQuery({
    ...rulesQuery,
    enabled: session?.capabilities.includes("rules:read") ?? false,
    staleTime: RULES_STALE_MS,
  });
  const titleOf = (id: string) => rules?.rules.find((rule) => rule.id === id)?.title;
  return (
    <ul className="silence-conditions">
      {silence.matchers.map(({ field, operator, value }) => (
        <li key={`${field} ${operator} ${value}`}>
          <span className="mono">
            <HostileText text={field} />
          </span>{" "}
          <span className="muted">{operators[operator]}</span>{" "}
          <span className="mono">
            <HostileText text={value} />
          </span>
          {field === "rule" && (
            <span className="muted">
              {" "}
              <HostileText text={titleOf(value) ?? ""} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function EndDialog({
  silence,
  onClose,
}: {
  readonly silence: SilenceAnswer;
  readonly onClose: () => void;
}) {
  const { messages } = useSpeech();
  const client = useQueryClient();
  const toast = useToast();
  const texts = messages.silences;
  async function end(withdraw: boolean): Promise<void> {
    try {
      await request("POST", `/silences/${encodeURIComponent(silence.id)}/end`, { withdraw });
      toast({ text: texts.endedToast });
    } catch (error) {
      toast({ text: errorText(error, messages) });
    }
    for (const key of ["silences", "findings", "finding", "summary"])
      void client.invalidateQueries({ queryKey: [key] });
    onClose();
  }
  return (
    <Dialog title={texts.endTitle} onClose={onClose}>
      <Conditions silence={silence} />
      <p>{texts.endText}</p>
      <ul className="choices">
        {silence.state !== "expired" && (
          <li>
            <button type="button" onClick={() => void end(false)}>
              {texts.endNow}
            </button>
          </li>
        )}
        <li>
          <button type="button" onClick={() => void end(true)}>
            {texts.withdraw}
          </button>
        </li>
      </ul>
    </Dialog>
  );
}
