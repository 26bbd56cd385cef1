// What people wrote about an incident; nothing is changed or taken away.
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { incidentCommentsQuery } from "../api/case-queries.ts";
import { request } from "../api/client.ts";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { TextArea } from "../shell/fields.tsx";
import { formFault } from "../shell/form-fault.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { Fault } from "../sign-in/form-parts.tsx";
import { useIncident, useMay } from "./use-incident.ts";

const COMMENT_CHARS_MAX = 10_000;

export function Comments() {
  const { messages, formats } = useSpeech();
  const { incident } = useIncident();
  const may = useMay();
  const self = useQuery(sessionQuery).data?.account.id;
  const { data, hasNextPage, fetchNextPage } = useInfiniteQuery(incidentCommentsQuery(incident.id));
  const { comments: texts, more } = messages.incidents;
  const { actors } = messages.finding;
  const comments = data?.pages.flatMap((page) => page.comments) ?? [];
  return (
    <section aria-labelledby="comments">
      <h2 id="comments">{texts.title}</h2>
      {data && comments.length === 0 && <p className="muted">{texts.none}</p>}
      <ol className="history">
        {comments.map(({ id, text, at, by }) => (
          <li key={id}>
            <time className="tabular muted">{formats.moment(at)}</time>
            <span className="comment-text">
              <HostileText text={text} />
            </span>
            <span className="muted">{by === self ? actors.self : actors.other}</span>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <button type="button" className="link-button" onClick={() => void fetchNextPage()}>
          {more}
        </button>
      )}
      {may("comments") && <CommentForm />}
    </section>
  );
}

function CommentForm() {
  const { messages } = useSpeech();
  const { incident } = useIncident();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [fault, setFault] = useState("");
  const { comments: texts } = messages.incidents;
  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    setFault("");
    try {
      await request("POST", `/incidents/${encodeURIComponent(incident.id)}/comments`, { text });
      setText("");
    } catch (error) {
      setFault(formFault(error, messages));
    }
    for (const key of ["incident-comments", "incident-history"])
      void client.invalidateQueries({ queryKey: [key, incident.id] });
  }
  return (
    <form className="form" onSubmit={(event) => void send(event)}>
      <Fault text={fault} />
      <TextArea
        label={texts.text}
        hint={texts.hint}
        required
        max={COMMENT_CHARS_MAX}
        value={text}
        onChange={setText}
      />
      <button type="submit" className="kern-btn kern-btn--secondary">
        <span className="kern-label">{texts.add}</span>
      </button>
    </form>
  );
}
