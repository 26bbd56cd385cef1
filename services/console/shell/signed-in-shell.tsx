// Shows the sign-in instead of the screens while nobody is signed in.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { ChangePassword } from "../sign-in/change-password.tsx";
import { SignIn } from "../sign-in/sign-in.tsx";
import { AppShell } from "./app-shell.tsx";
import { errorText } from "./error-text.ts";
import { ToastProvider } from "./toast.tsx";

export function SignedInShell() {
  const { messages } = useSpeech();
  const client = useQueryClient();
  const { data: session, error, isPending, refetch } = useQuery(sessionQuery);
  if (isPending) return <main className="wait" aria-busy="true" aria-label={messages.product} />;
  if (error !== null && session === undefined)
    return (
      <main className="sign-in">
        <div className="sign-in-card">
          <h1>{messages.product}</h1>
          <p className="alert alert-danger" role="alert">
            {errorText(error, messages)}
          </p>
          <button
            type="button"
            className="kern-btn kern-btn--primary"
            onClick={() => void refetch()}
          >
            <span className="kern-label">{messages.common.retry}</span>
          </button>
        </div>
      </main>
    );
  if (!session)
    return (
      <SignIn
        setupFirst={location.hash === "#einrichtung"}
        onSignedIn={() => void client.invalidateQueries()}
      />
    );
  if (session.passwordChangeDue)
    return <ChangePassword onChanged={() => void client.invalidateQueries()} />;
  return (
    <ToastProvider>
      <AppShell session={session} />
    </ToastProvider>
  );
}
