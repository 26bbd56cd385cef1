// All exceptions with state, owner, expiry and what they hide; agreeing to them and withdrawing them.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Exception } from "../api/case-contract.ts";
import { exceptionsQuery } from "../api/case-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { HidingNav } from "../shell/sub-nav.tsx";
import { useTitle } from "../shell/use-title.ts";
import { ConditionList } from "./condition-list.tsx";
import { ConsentCell } from "./consent-cell.tsx";
import { useQuickChange, useReader } from "./use-change.ts";
import { WithdrawDialog } from "./withdraw-dialog.tsx";

const pathOf = ({ id }: Exception) => `/exceptions/${encodeURIComponent(id)}`;

export function ExceptionsPage() {
  const { messages } = useSpeech();
  const { data, error, isPending } = useQuery(exceptionsQuery);
  const [leaving, setLeaving] = useState<Exception | undefined>();
  const texts = messages.exceptions;
  useTitle(texts.title);
  return (
    <div className="page">
      <HidingNav />
      <h1>{texts.title}</h1>
      <p className="muted">{texts.intro}</p>
      <p className="muted">{texts.how}</p>
      {isPending && <p className="muted">{messages.common.loading}</p>}
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data && data.exceptions.length === 0 && <p className="muted">{texts.none}</p>}
      {data && data.exceptions.length > 0 && (
        <ExceptionTable exceptions={data.exceptions} onWithdraw={setLeaving} />
      )}
      {data?.truncated && <p className="muted small">{texts.truncated}</p>}
      {leaving && (
        <WithdrawDialog
          path={pathOf(leaving)}
          text={messages.cases.withdrawText}
          onClose={() => setLeaving(undefined)}
        >
          <ConditionList matchers={leaving.matchers} />
        </WithdrawDialog>
      )}
    </div>
  );
}

interface TableProps {
  readonly exceptions: readonly Exception[];
  readonly onWithdraw: (exception: Exception) => void;
}

function ExceptionTable({ exceptions, onWithdraw }: TableProps) {
  const { messages } = useSpeech();
  const { columns, table } = messages.exceptions;
  const { mayWrite } = useReader();
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{table}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.state}</th>
          <th scope="col">{columns.rule}</th>
          <th scope="col">{columns.span}</th>
          <th scope="col">{columns.reason}</th>
          <th scope="col">{columns.consent}</th>
          <th scope="col" className="number">
            {columns.findings}
          </th>
          {mayWrite && <th scope="col">{columns.action}</th>}
        </tr>
      </thead>
      <tbody>
        {exceptions.map((one) => (
          <Row key={one.id} exception={one} onWithdraw={onWithdraw} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly exception: Exception;
  readonly onWithdraw: (exception: Exception) => void;
}

function Row({ exception, onWithdraw }: RowProps) {
  const { messages, formats } = useSpeech();
  const { self, mayWrite } = useReader();
  const change = useQuickChange();
  const texts = messages.exceptions;
  const { columns } = texts;
  const { state, title, consent, owner, findings } = exception;
  const { actors } = messages.finding;
  const { cases } = messages;
  return (
    <tr>
      <td>
        <span className={`chip chip-${state}`}>{texts.states[state]}</span>
      </td>
      <th scope="row">
        <HostileText text={title} />
        <ConditionList matchers={exception.matchers} />
        <Link to="/warteschlange/$id" params={{ id: exception.finding }} className="small">
          {texts.origin}
        </Link>
      </th>
      <td data-label={columns.span} className="tabular">
        {messages.silences.span(formats.moment(exception.from), formats.moment(exception.until))}
      </td>
      <td data-label={columns.reason}>
        <HostileText text={exception.reason} />
        <span className="muted small note">
          {cases.owner}: {owner === self ? actors.self : actors.other}
        </span>
      </td>
      <td data-label={columns.consent}>
        <ConsentCell
          consent={consent}
          isWaiting={state === "proposed"}
          self={self}
          word={cases.consent.agree}
          about={title}
          onAgree={
            mayWrite
              ? () => change(`${pathOf(exception)}/agree`, {}, cases.consent.agreedToast)
              : undefined
          }
        />
      </td>
      <td className="number tabular" data-label={columns.findings}>
        {formats.number(findings)}
      </td>
      {mayWrite && (
        <td>
          {state !== "withdrawn" && (
            <button
              type="button"
              className="judge"
              aria-label={`${cases.withdraw}: ${title}`}
              onClick={() => onWithdraw(exception)}
            >
              {cases.withdraw}
            </button>
          )}
        </td>
      )}
    </tr>
  );
}
