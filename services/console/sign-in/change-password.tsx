// A password that somebody else set must be changed before anything else works.
import { type FormEvent, useState } from "react";
import { ApiError, request } from "../api/client.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { useTitle } from "../shell/use-title.ts";
import { Fault, Field } from "./form-parts.tsx";

export function ChangePassword({ onChanged }: { readonly onChanged: () => void }) {
  const { messages } = useSpeech();
  const [fault, setFault] = useState("");
  const texts = messages.password;
  useTitle(texts.title);
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    setFault("");
    try {
      await request("POST", "/session/password", fields);
      onChanged();
    } catch (error) {
      const refused = error instanceof ApiError && error.status === 401;
      setFault(refused ? texts.refused : errorText(error, messages));
    }
  }
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <p className="sign-in-product">{messages.product}</p>
        <h1>{texts.title}</h1>
        <p className="muted">{texts.intro}</p>
        <Fault text={fault} />
        <form onSubmit={(event) => void submit(event)}>
          <Field
            name="present"
            label={texts.present}
            type="password"
            autoComplete="current-password"
          />
          <Field
            name="next"
            label={texts.next}
            type="password"
            autoComplete="new-password"
            hint={messages.setup.passwordHint}
          />
          <button type="submit" className="kern-btn kern-btn--primary">
            <span className="kern-label">{texts.submit}</span>
          </button>
        </form>
      </div>
    </main>
  );
}
