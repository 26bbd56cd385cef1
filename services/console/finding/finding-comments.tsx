// What people wrote about a finding. Comments are added, never changed.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { request } from "../api/client.ts";
import { sessionQuery } from "../api/queries.ts";
import { findingCommentsQuery } from "../api/suggestion-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";
import { KeyHint } from "../shell/key-hint.tsx";
import { useShortcuts } from "../shell/shortcuts.ts";
import { useToast } from "../shell/toast.tsx";

const COMMENT_CHARS_MAX = 10_000;

export function FindingComments({ id }: { readonly id: string }) {
  const { messages, formats } = useSpeech();
  const { data, error } = useQuery(findingCommentsQuery(id));
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const mayWrite = session?.capabilities.includes("findings:write") ?? false;
  const texts = messages.suggestion;
  const comments = data?.comments ?? [];
  return (
    <section aria-labelledby="comments">
      <h3 id="comments">{texts.comments}</h3>
      {error !== null && <p className="alert alert-danger">{errorText(error, messages)}</p>}
      {data !== undefined && comments.length === 0 && <p className="muted">{texts.noComments}</p>}
      {data !== undefined && data.total > comments.length && (
        <p className="muted">{texts.moreComments(formats.number(data.total))}</p>
      )}
      <ul className="comment-list">
        {comments.map((one) => (
          <li key={one.id}>
            <span className="muted small">
              <time className="tabular">{formats.moment(one.at)}</time>,{" "}
              {one.by === session?.account.id ? texts.by.self : texts.by.other}
            </span>
            <p>
              <HostileText text={one.text} />
            </p>
          </li>
        ))}
      </ul>
      {mayWrite && <CommentForm id={id} />}
    </section>
  );
}

function CommentForm({ id }: { readonly id: string }) {
  const { messages } = useSpeech();
  const client = useQueryClient();
  const toast = useToast();
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const texts = messages.suggestion;
  useShortcuts((action) => {
    if (action.do !== "comment") return false;
    field.current?.focus();
    return true;
  });
  const save = async () => {
    const trimmed = text.trim();
    if (trimmed === "") return;
    try {
      const path = `/findings/${encodeURIComponent(id)}/comments`;
      await request("POST", path, { text: trimmed });
      setText("");
      toast({ text: texts.commentSaved });
      await client.invalidateQueries({ queryKey: findingCommentsQuery(id).queryKey });
    } catch (error) {
      toast({ text: errorText(error, messages) });
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
  };
  return (
    <form className="comment-form" onSubmit={onSubmit}>
      <label htmlFor="new-comment">
        {texts.comment} <KeyHint name="C" />
      </label>
      <textarea
        ref={field}
        id="new-comment"
        rows={2}
        maxLength={COMMENT_CHARS_MAX}
        aria-describedby="new-comment-hint"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span id="new-comment-hint" className="muted small">
        {texts.commentHint}
      </span>
      <button type="submit" className="judge">
        {texts.commentSave}
      </button>
    </form>
  );
}
