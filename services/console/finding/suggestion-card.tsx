// One suggestion of the language model: how it is to be taken, where it comes from, how much of it held, its
// claims, and what a human made of it.
import { useState } from "react";
import { request } from "../api/client.ts";
import type { AnnotationAnswer } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { suggestionText, verificationFigures } from "../model/suggestion-text.ts";
import { errorText } from "../shell/error-text.ts";
import { TextArea } from "../shell/fields.tsx";
import { FormDialog } from "../shell/form-dialog.tsx";
import { HostileText } from "../shell/hostile-text.tsx";
import { useToast } from "../shell/toast.tsx";
import { Claims } from "./claims.tsx";

interface SuggestionCardProps {
  readonly annotation: AnnotationAnswer;
  readonly mayWrite: boolean;
  readonly onDecided: () => void;
}

const EDITED_CHARS_MAX = 10_000;
const REASON_CHARS_MAX = 1000;

export function SuggestionCard({ annotation, mayWrite, onDecided }: SuggestionCardProps) {
  const { messages } = useSpeech();
  const { task, state, outcome, folded, assessment } = annotation;
  const texts = messages.suggestion;
  const isVerified = outcome === "verified";
  return (
    <article className="suggestion" aria-label={`${texts.notice[state]}: ${texts.tasks[task]}`}>
      <p className="suggestion-head">
        <span className="suggestion-notice">{texts.notice[state]}</span>
        <span>{texts.tasks[task]}</span>
        <Origin annotation={annotation} />
      </p>
      {state === "requested" && <p role="status">{texts.waiting}</p>}
      {state !== "requested" && !isVerified && <p className="muted">{texts.noAnswer}</p>}
      {state !== "requested" && (
        <details open={!folded}>
          <summary>{folded ? texts.folded : texts.open}</summary>
          {isVerified && assessment !== undefined && <p>{texts.assessment[assessment]}</p>}
          {isVerified ? (
            <Claims annotation={annotation} />
          ) : (
            <p className="own-text">
              <HostileText text={annotation.template} />
            </p>
          )}
          <Decision annotation={annotation} />
          {mayWrite && state === "proposed" && isVerified && (
            <Deciding annotation={annotation} onDecided={onDecided} />
          )}
        </details>
      )}
    </article>
  );
}

/** Model, time, and figures of the verification. */
function Origin({ annotation }: { readonly annotation: AnnotationAnswer }) {
  const { messages, formats } = useSpeech();
  const { model, at, durationMs, verification } = annotation;
  const figures = verificationFigures(annotation);
  const texts = messages.suggestion;
  const number = formats.number;
  return (
    <>
      {model !== undefined && (
        <span className="muted">
          <HostileText text={texts.model(model)} />
        </span>
      )}
      {at !== undefined && (
        <time className="muted tabular">
          {formats.moment(at)}
          {durationMs !== undefined && `, ${texts.duration(formats.span(durationMs))}`}
        </time>
      )}
      {figures !== undefined && (
        <span className="muted">
          {texts.verified(number(figures.held), number(figures.total))}
          {figures.dropped > 0 && `, ${texts.dropped(number(figures.dropped))}`}
          {(verification?.removedCharacters ?? 0) > 0 &&
            `, ${texts.removed(number(verification?.removedCharacters ?? 0))}`}
        </span>
      )}
    </>
  );
}

/** What somebody made of it. */
function Decision({ annotation }: { readonly annotation: AnnotationAnswer }) {
  const { messages, formats } = useSpeech();
  const { decidedAt, editedText, reason } = annotation;
  const texts = messages.suggestion;
  if (decidedAt === undefined) return null;
  return (
    <div>
      <p className="muted small">
        {texts.notice[annotation.state]}, {formats.moment(decidedAt)}
      </p>
      {editedText !== undefined && (
        <>
          <h4>{texts.editedText}</h4>
          <p className="own-text">
            <HostileText text={editedText} />
          </p>
        </>
      )}
      {reason !== undefined && (
        <p>
          <HostileText text={texts.rejectedReason(reason)} />
        </p>
      )}
    </div>
  );
}

type DecidingProps = Pick<SuggestionCardProps, "annotation" | "onDecided">;

function Deciding({ annotation, onDecided }: DecidingProps) {
  const { messages } = useSpeech();
  const toast = useToast();
  const [asking, setAsking] = useState<"edit" | "reject" | undefined>();
  const [text, setText] = useState(() => suggestionText(annotation));
  const [reason, setReason] = useState("");
  const texts = messages.suggestion;
  const close = () => setAsking(undefined);
  const decide = async (what: "accept" | "edit" | "reject", body: object) => {
    const { id, version } = annotation;
    const path = `/annotations/${encodeURIComponent(id)}/${what}`;
    await request<AnnotationAnswer>("POST", path, { version, ...body });
    toast({ text: texts.decided });
    onDecided();
  };
  const accept = () =>
    decide("accept", {}).catch((error: unknown) => {
      toast({ text: errorText(error, messages) });
      onDecided();
    });
  return (
    <p className="suggestion-actions">
      <button type="button" className="judge" onClick={() => void accept()}>
        {texts.accept}
      </button>
      <button type="button" className="judge" onClick={() => setAsking("edit")}>
        {texts.edit}
      </button>
      <button type="button" className="judge" onClick={() => setAsking("reject")}>
        {texts.reject}
      </button>
      {asking === "edit" && (
        <FormDialog
          title={texts.editTitle}
          submit={texts.save}
          onSubmit={() => decide("edit", { text: text.trim() })}
          onClose={close}
        >
          <TextArea
            label={texts.editText}
            hint={texts.editHint}
            first
            required
            max={EDITED_CHARS_MAX}
            value={text}
            onChange={setText}
          />
        </FormDialog>
      )}
      {asking === "reject" && (
        <FormDialog
          title={texts.rejectTitle}
          submit={texts.save}
          onSubmit={() => decide("reject", reason.trim() === "" ? {} : { reason: reason.trim() })}
          onClose={close}
        >
          <TextArea
            label={texts.rejectReason}
            first
            max={REASON_CHARS_MAX}
            value={reason}
            onChange={setReason}
          />
        </FormDialog>
      )}
    </p>
  );
}
