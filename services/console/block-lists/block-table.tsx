// Entries of the block lists as a table, with the steps that are left for each.
import { Link } from "@tanstack/react-router";
import type { Block } from "../api/case-contract.ts";
import { ConsentCell } from "../exceptions/consent-cell.tsx";
import { useQuickChange, useReader } from "../exceptions/use-change.ts";
import { useSpeech } from "../messages/language.tsx";
import { HostileText } from "../shell/hostile-text.tsx";

/** Where its changes are sent to. */
export function pathOf({ id }: Block): string {
  return `/block-lists/${encodeURIComponent(id)}`;
}

interface Steps {
  readonly onComplete: (block: Block) => void;
  readonly onWithdraw: (block: Block) => void;
}

export function BlockTable({ entries, ...steps }: Steps & { readonly entries: readonly Block[] }) {
  const { messages } = useSpeech();
  const { columns, table } = messages.blocks;
  const { mayWrite } = useReader();
  return (
    <table className="data wide">
      <caption className="kern-sr-only">{table}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.state}</th>
          <th scope="col">{columns.value}</th>
          <th scope="col">{columns.until}</th>
          <th scope="col">{columns.reason}</th>
          <th scope="col">{columns.consent}</th>
          {mayWrite && <th scope="col">{columns.action}</th>}
        </tr>
      </thead>
      <tbody>
        {entries.map((one) => (
          <Row key={one.id} block={one} {...steps} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ block, ...steps }: Steps & { readonly block: Block }) {
  const { messages, formats } = useSpeech();
  const { self, mayWrite } = useReader();
  const change = useQuickChange();
  const texts = messages.blocks;
  const { columns } = texts;
  const { state, type, value, completedAt, until, reason, consent } = block;
  return (
    <tr>
      <td>
        <span className={`chip chip-${state}`}>{texts.states[state]}</span>
      </td>
      <th scope="row">
        <span className="chip">{texts.types[type]}</span>{" "}
        <span className="mono">
          <HostileText text={value} />
        </span>
        <Occasion block={block} />
      </th>
      <td data-label={columns.until} className="tabular">
        {formats.moment(until)}
        {state === "active" && (
          <span className="muted small note">
            {completedAt === undefined
              ? texts.notCompleted
              : texts.completedAt(formats.moment(completedAt))}
          </span>
        )}
      </td>
      <td data-label={columns.reason}>
        <HostileText text={reason} />
      </td>
      <td data-label={columns.consent}>
        <ConsentCell
          consent={consent}
          isWaiting={state === "proposed"}
          self={self}
          word={texts.approve}
          about={value}
          onAgree={
            mayWrite ? () => change(`${pathOf(block)}/approve`, {}, texts.approved) : undefined
          }
        />
      </td>
      {mayWrite && <StepsCell block={block} {...steps} />}
    </tr>
  );
}

function StepsCell({ block, onComplete, onWithdraw }: Steps & { readonly block: Block }) {
  const { messages } = useSpeech();
  const texts = messages.blocks;
  const { state, completedAt, value } = block;
  const { withdraw } = messages.cases;
  return (
    <td>
      <div className="table-steps">
        {state === "active" && completedAt === undefined && (
          <button
            type="button"
            className="judge"
            aria-label={`${texts.complete}: ${value}`}
            onClick={() => onComplete(block)}
          >
            {texts.complete}
          </button>
        )}
        {(state === "active" || state === "proposed") && (
          <button
            type="button"
            className="judge"
            aria-label={`${withdraw}: ${value}`}
            onClick={() => onWithdraw(block)}
          >
            {withdraw}
          </button>
        )}
      </div>
    </td>
  );
}

function Occasion({ block }: { readonly block: Block }) {
  const { messages } = useSpeech();
  const { occasions } = messages.blocks;
  const { finding, incident } = block;
  return (
    <span className="small note">
      {finding !== undefined && (
        <Link to="/warteschlange/$id" params={{ id: finding }}>
          {occasions.finding}
        </Link>
      )}{" "}
      {incident !== undefined && (
        <Link to="/vorfaelle/$id" params={{ id: incident }}>
          {occasions.incident}
        </Link>
      )}
    </span>
  );
}
