// The button with which an administrator has the rules read anew, and what came of it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "../api/client.ts";
import type { ReloadAnswer } from "../api/contract.ts";
import { rulesQuery, sessionQuery } from "../api/queries.ts";
import type { Messages } from "../messages/de.ts";
import { useSpeech } from "../messages/language.tsx";
import type { Formats } from "../model/format.ts";
import { errorText } from "../shell/error-text.ts";
import { HostileText } from "../shell/hostile-text.tsx";

/** Nothing for accounts that may not. */
export function ReloadRules() {
  const { messages, formats } = useSpeech();
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const reload = useMutation({
    mutationFn: () => request<ReloadAnswer>("POST", "/rules/reload"),
    onSuccess: () => client.invalidateQueries({ queryKey: rulesQuery.queryKey }),
  });
  const { data, error, isPending } = reload;
  if (session?.capabilities.includes("rules:write") !== true) return null;
  return (
    <div className="rule-reload">
      <button
        type="button"
        className="kern-btn kern-btn--secondary"
        aria-disabled={isPending}
        onClick={() => {
          if (!isPending) reload.mutate();
        }}
      >
        <span className="kern-label">{messages.rules.reload}</span>
      </button>
      <p role="status">
        {isPending && messages.rules.reloading}
        {data && <HostileText text={resultText(data, messages, formats)} />}
      </p>
      {error !== null && (
        <p className="alert alert-danger" role="alert">
          {errorText(error, messages)}
        </p>
      )}
    </div>
  );
}

function resultText(answer: ReloadAnswer, { rules }: Messages, { number }: Formats): string {
  const texts = rules.reloaded;
  switch (answer.kind) {
    case "changed":
      return texts.changed(number(answer.added), number(answer.removed), number(answer.changed));
    case "unchanged":
      return texts.unchanged;
    case "kept":
      return texts.kept(answer.reason);
  }
}
