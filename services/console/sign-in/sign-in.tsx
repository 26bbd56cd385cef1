// Sign-in with a local account, and the first set-up with the one-time code from the log.
import { type FormEvent, useEffect, useState } from "react";
import { ApiError, request } from "../api/client.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { SettingsMenu } from "../shell/settings-menu.tsx";
import { Fault, Field } from "./form-parts.tsx";

interface SignInProps {
  /** The first account is still missing: offer set-up first. */
  readonly setupFirst: boolean;
  readonly onSignedIn: () => void;
}

/** The screen in front of everything else. */
export function SignIn({ setupFirst, onSignedIn }: SignInProps) {
  const { messages } = useSpeech();
  const [setup, setSetup] = useState(setupFirst);
  const [fault, setFault] = useState("");
  const [busy, setBusy] = useState(false);
  const texts = setup ? messages.setup : messages.signIn;
  useEffect(() => {
    document.title = `${texts.title} · ${messages.product}`;
  }, [texts, messages]);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    setFault("");
    try {
      await request("POST", setup ? "/session/setup" : "/session", fields);
      onSignedIn();
    } catch (error) {
      const refused = error instanceof ApiError && error.status === 401;
      const sentence = setup ? messages.errors.setupCode : messages.errors.credentials;
      const invalid = setup && error instanceof ApiError && error.code === "HW_REQUEST_INVALID";
      const other = invalid ? messages.setup.invalid : errorText(error, messages);
      setFault(refused ? sentence : other);
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <p className="sign-in-product">{messages.product}</p>
        <h1>{texts.title}</h1>
        {setup && <p className="muted">{messages.setup.intro}</p>}
        <Fault text={fault} />
        <form key={String(setup)} onSubmit={(event) => void submit(event)}>
          {setup && <Field name="code" label={messages.setup.code} autoComplete="one-time-code" />}
          <Field name="name" label={texts.name} autoComplete="username" />
          <Field
            name="password"
            label={texts.password}
            type="password"
            autoComplete={setup ? "new-password" : "current-password"}
            {...(setup ? { hint: messages.setup.passwordHint } : {})}
          />
          <button type="submit" className="kern-btn kern-btn--primary" disabled={busy}>
            <span className="kern-label">{texts.submit}</span>
          </button>
        </form>
        <button
          type="button"
          className="link-button"
          onClick={() => {
            setSetup(!setup);
            setFault("");
          }}
        >
          {setup ? messages.signIn.toSignIn : messages.signIn.toSetup}
        </button>
      </div>
      <SettingsMenu />
    </main>
  );
}
