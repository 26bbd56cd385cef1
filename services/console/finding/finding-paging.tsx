// Paging of a finding: where it stands, who was called and what became of it, who is next, and the two answers
// that whoever was called can give. `p` takes it.
import { useQuery } from "@tanstack/react-query";
import { type FindingPagingBoard, findingPagingQuery } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { targetName } from "../paging/policies.tsx";
import { useQuickPagingChange } from "../paging/use-paging-change.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { KeyHint } from "../shell/key-hint.tsx";
import { useShortcuts } from "../shell/shortcuts.ts";
import { useMay } from "../shell/use-may.ts";

const PAGES_SHOWN_MAX = 20;

export function FindingPaging({ id }: { readonly id: string }) {
  const { messages } = useSpeech();
  const { data, isError } = useQuery(findingPagingQuery(id));
  const texts = messages.paging.finding;
  return (
    <section aria-labelledby="finding-paging" aria-busy={data === undefined && !isError}>
      <h3 id="finding-paging">{texts.title}</h3>
      {isError && <p role="status">{messages.common.failed}</p>}
      {data === undefined && !isError && <p className="muted">{messages.common.loading}</p>}
      {data !== undefined && data.paging === undefined && <p className="muted">{texts.none}</p>}
      {data?.paging !== undefined && <Board id={id} board={data} paging={data.paging} />}
    </section>
  );
}

type Paged = NonNullable<FindingPagingBoard["paging"]>;
interface BoardProps {
  readonly board: FindingPagingBoard;
  readonly paging: Paged;
}

function Board({ id, board, paging }: BoardProps & { readonly id: string }) {
  const { messages, formats } = useSpeech();
  const { finding: texts, priorities, states } = messages.paging;
  const { next, isAwaited } = board;
  const who = next?.people.map(({ name }) => name) ?? [];
  const rooms = next?.targets.flatMap((target) =>
    "channel" in target ? [targetName(target, messages)] : [],
  );
  const called = [...who, ...(rooms ?? [])].join(", ");
  return (
    <>
      <p>
        <span className={`chip page-${paging.priority}`}>{priorities[paging.priority]}</span>{" "}
        <span className="chip">{states[paging.state]}</span>
      </p>
      {next !== undefined && (
        <p>
          <HostileText
            text={texts.next(
              called === "" ? messages.paging.duty.nobody : called,
              formats.moment(next.at),
            )}
          />
        </p>
      )}
      {isAwaited && <Answer id={id} state={paging.state} />}
      <Pages board={board} paging={paging} />
      <Answers board={board} paging={paging} />
    </>
  );
}

function Answer({ id, state }: { readonly id: string; readonly state: Paged["state"] }) {
  const { messages } = useSpeech();
  const mayWrite = useMay("findings:write");
  const change = useQuickPagingChange();
  const texts = messages.paging.finding;
  const give = (kind: "acknowledged" | "declined", done: string) =>
    change("POST", `/findings/${encodeURIComponent(id)}/page-answer`, { kind }, done);
  useShortcuts((action) => {
    if (action.do !== "page" || !mayWrite) return false;
    give("acknowledged", texts.taken);
    return true;
  });
  if (!mayWrite) return null;
  return (
    <p className="page-answers">
      <button type="button" className="judge" onClick={() => give("acknowledged", texts.taken)}>
        {texts.take}
        <KeyHint name="P" />
      </button>
      {state === "escalating" && (
        <button type="button" className="judge" onClick={() => give("declined", texts.declined)}>
          {texts.decline}
        </button>
      )}
    </p>
  );
}

function Pages({ board, paging }: BoardProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.paging.finding;
  const names = namesOf(board);
  if (paging.pages.length === 0) return null;
  return (
    <>
      <h4 id="finding-pages">{texts.pages}</h4>
      <ul aria-labelledby="finding-pages" className="page-list">
        {paging.pages
          .slice(-PAGES_SHOWN_MAX)
          .toReversed()
          .map((page) => (
            <li key={page.id}>
              <span className="tabular muted">{formats.moment(page.at ?? page.dueAt)}</span>{" "}
              <HostileText
                text={texts.page(
                  page.person === undefined ? texts.room : (names.get(page.person) ?? page.person),
                  page.channel,
                )}
              />
              : {page.state === "failed" ? "⚠ " : ""}
              {texts.pageStates[page.state]}
              {page.fault !== undefined && (
                <span className="muted note">
                  <HostileText text={page.fault} />
                </span>
              )}
            </li>
          ))}
      </ul>
    </>
  );
}

function Answers({ board, paging }: BoardProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.paging.finding;
  const names = namesOf(board);
  if (paging.answers.length === 0) return null;
  return (
    <>
      <h4 id="finding-page-answers">{texts.answers}</h4>
      <ul aria-labelledby="finding-page-answers" className="page-list">
        {paging.answers.toReversed().map(({ kind, at, person, via }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: answers are never taken away
          <li key={paging.answers.length - place}>
            <span className="tabular muted">{formats.moment(at)}</span>{" "}
            <HostileText
              text={person === undefined ? texts.somebody : (names.get(person) ?? person)}
            />
            : {texts.answerKinds[kind]} <span className="muted">{texts.via[via]}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function namesOf({ people }: FindingPagingBoard): ReadonlyMap<string, string> {
  return new Map(people.map(({ id, name }) => [id, name]));
}
