// Channels with their last proof of life, and a button that sends a test page over each.
import type { Paging } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { wordFor } from "../model/model-view.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { useMay } from "../shell/use-may.ts";
import { useQuickPagingChange } from "./use-paging-change.ts";

export function Channels({ paging }: { readonly paging: Paging }) {
  const { messages } = useSpeech();
  const mayTest = useMay("paging:write");
  const change = useQuickPagingChange();
  const texts = messages.paging.board;
  return (
    <section aria-labelledby="channels">
      <h2 id="channels">{texts.channels}</h2>
      <table className="data wide">
        <caption className="kern-sr-only">{texts.channelTable}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.channel}</th>
            <th scope="col">{texts.kind}</th>
            <th scope="col">{texts.stateOf}</th>
            <th scope="col">{texts.proof}</th>
            {mayTest && <th scope="col">{texts.test}</th>}
          </tr>
        </thead>
        <tbody>
          {paging.channels.map((channel) => (
            <tr key={channel.id}>
              <th scope="row">{channel.id}</th>
              <td data-label={texts.kind}>
                {wordFor(texts.kinds, channel.kind)}
                {channel.leavesHouse && (
                  <span className="muted small note">{texts.leavesHouse}</span>
                )}
              </td>
              <td data-label={texts.stateOf}>
                <Circuit proof={channel.proof} />
              </td>
              <td data-label={texts.proof}>
                <Proof proof={channel.proof} />
              </td>
              {mayTest && (
                <td>
                  <button
                    type="button"
                    className="judge"
                    aria-label={texts.testOf(channel.id)}
                    onClick={() =>
                      change("POST", "/paging/test-pages", { channel: channel.id }, texts.testAsked)
                    }
                  >
                    {texts.test}
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type ProofProps = Pick<Paging["channels"][number], "proof">;

function Circuit({ proof }: ProofProps) {
  const { messages } = useSpeech();
  const { circuit, unknown } = messages.paging.board;
  if (proof === undefined) return <span className="chip">{`? ${unknown}`}</span>;
  const mark = proof.circuit === "closed" ? "✓" : "⚠";
  return (
    <span className={`chip circuit-${proof.circuit}`}>{`${mark} ${circuit[proof.circuit]}`}</span>
  );
}

function Proof({ proof }: ProofProps) {
  const { messages, formats } = useSpeech();
  const texts = messages.paging.board;
  const { handedOverAt, probedAt, fault } = proof ?? {};
  const lines = [
    ...(handedOverAt === undefined ? [] : [texts.page(formats.moment(handedOverAt))]),
    ...(probedAt === undefined ? [] : [texts.probe(formats.moment(probedAt))]),
    ...(fault === undefined ? [] : [texts.fault(formats.moment(fault.at), fault.message)]),
  ];
  if (lines.length === 0) return <span className="muted">{texts.never}</span>;
  return lines.map((line) => (
    <span key={line} className="note">
      <HostileText text={line} />
    </span>
  ));
}
