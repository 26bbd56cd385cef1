// The list of incidents: phase, what is missing for the KPIs, the next time limit; with filters.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import type { IncidentRow } from "../api/case-contract.ts";
import { incidentsQuery } from "../api/case-queries.ts";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { isOverdue, narrowed } from "../model/incident-filter.ts";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { LevelSymbol } from "../shell/level-symbol.tsx";
import { ActingNav } from "../shell/sub-nav.tsx";
import { useTitle } from "../shell/use-title.ts";
import { DeclareDialog } from "./declare-dialog.tsx";
import { IncidentFilters } from "./incident-filters.tsx";

const route = getRouteApi("/vorfaelle");

export function IncidentsPage() {
  const { messages, formats } = useSpeech();
  const filter = route.useSearch();
  const { data, error, isPending, hasNextPage, fetchNextPage } = useInfiniteQuery(
    incidentsQuery(filter),
  );
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const [declaring, setDeclaring] = useState(false);
  const texts = messages.incidents;
  useTitle(texts.title);
  const rows = data?.pages.flatMap(({ incidents }) => incidents) ?? [];
  const now = Date.now();
  const shown = narrowed(rows, filter, now);
  const total = data?.pages.at(-1)?.total ?? 0;
  return (
    <div className="page">
      <ActingNav />
      <h1>{texts.title}</h1>
      <p className="muted">{texts.intro}</p>
      {session?.capabilities.includes("findings:write") && (
        <button
          type="button"
          className="kern-btn kern-btn--primary"
          onClick={() => setDeclaring(true)}
        >
          <span className="kern-label">{texts.declare}</span>
        </button>
      )}
      <IncidentFilters filter={filter} />
      <p className="muted" role="status">
        {isPending && messages.common.loading}
        {data && texts.count(formats.number(shown.length), formats.number(total))}
      </p>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
      {data && shown.length === 0 && <p className="muted">{texts.none}</p>}
      {shown.length > 0 && <IncidentTable rows={shown} now={now} />}
      {hasNextPage && (
        <button type="button" className="link-button" onClick={() => void fetchNextPage()}>
          {texts.more}
        </button>
      )}
      {declaring && <DeclareDialog findingIds={[]} onClose={() => setDeclaring(false)} />}
    </div>
  );
}

interface TableProps {
  readonly rows: readonly IncidentRow[];
  readonly now: number;
}

function IncidentTable({ rows, now }: TableProps) {
  const { messages } = useSpeech();
  const { columns, list } = messages.incidents;
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{list}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.incident}</th>
          <th scope="col">{columns.phase}</th>
          <th scope="col">{columns.severity}</th>
          <th scope="col">{columns.identified}</th>
          <th scope="col">{columns.missing}</th>
          <th scope="col">{columns.due}</th>
          <th scope="col" className="number">
            {columns.findings}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, now }: { readonly row: IncidentRow; readonly now: number }) {
  const { messages, formats } = useSpeech();
  const texts = messages.incidents;
  const { columns } = texts;
  const { none } = messages.common;
  return (
    <tr>
      <th scope="row">
        <Link to="/vorfaelle/$id" params={{ id: row.id }}>
          <HostileText text={row.title} />
        </Link>
        <span className="muted small case-kind">
          {texts.categories[row.category]} · {texts.verdicts[row.verdict]}
          {row.exercise && ` · ${texts.exercise}`}
        </span>
      </th>
      <td data-label={columns.phase}>
        <span className={`chip chip-phase-${phaseOfRow(row)}`}>
          {texts.phases[phaseOfRow(row)]}
        </span>
      </td>
      <td data-label={columns.severity}>
        <LevelSymbol level={row.severity} />
      </td>
      <td data-label={columns.identified} className="tabular">
        {row.identifiedAt === undefined ? none : formats.moment(row.identifiedAt)}
      </td>
      <td data-label={columns.missing}>
        {row.missing === 0 ? (
          <span className="muted">{texts.complete}</span>
        ) : (
          <strong>{texts.missingCount(formats.number(row.missing))}</strong>
        )}
      </td>
      <td data-label={columns.due} className="tabular">
        {row.nextDue === undefined ? none : formats.moment(row.nextDue.dueAt)}
        {isOverdue(row, now) && (
          <>
            {" "}
            <strong className="overdue">{texts.overdue}</strong>
          </>
        )}
      </td>
      <td data-label={columns.findings} className="number tabular">
        {formats.number(row.findings)}
      </td>
    </tr>
  );
}

// Lists hold only incidents that stand for themselves.
function phaseOfRow({ status, containedAt, recoveredAt }: IncidentRow) {
  if (status === "closed") return "closed";
  if (recoveredAt !== undefined) return "recovered";
  return containedAt === undefined ? "declared" : "contained";
}
