// What the language model suggests about a finding, marked as such and apart from everything that decides;
// with the way to ask for questions, to report a suspicion, and to switch it off.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../api/client.ts";
import { sessionQuery } from "../api/queries.ts";
import { annotationsQuery, askQuestions, llmSwitchQuery } from "../api/suggestion-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { KeyHint } from "../shell/key-hint.tsx";
import { useShortcuts } from "../shell/shortcuts.ts";
import { useToast } from "../shell/toast.tsx";
import { SuggestionCard } from "./suggestion-card.tsx";
import { SuspicionDialog } from "./suspicion-dialog.tsx";

export function Suggestions({ findingId }: { readonly findingId: string }) {
  const { messages } = useSpeech();
  const client = useQueryClient();
  const toast = useToast();
  const { data, error } = useQuery(annotationsQuery(findingId));
  const { data: llm } = useQuery(llmSwitchQuery);
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const [isReporting, setReporting] = useState(false);
  const mayWrite = session?.capabilities.includes("findings:write") ?? false;
  const maySwitch = session?.capabilities.includes("llm:write") ?? false;
  const texts = messages.suggestion;
  useShortcuts((action) => {
    if (action.do !== "suspect" || !mayWrite) return false;
    setReporting(true);
    return true;
  });
  const refresh = () =>
    client.invalidateQueries({ queryKey: annotationsQuery(findingId).queryKey });
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (failure) {
      toast({ text: errorText(failure, messages) });
    }
  };
  const ask = () =>
    attempt(async () => {
      await askQuestions(findingId);
      await refresh();
    });
  const turn = (on: boolean) =>
    attempt(async () => {
      client.setQueryData(
        llmSwitchQuery.queryKey,
        await request<{ readonly on: boolean }>("PUT", "/llm/switch", { on }),
      );
    });
  const annotations = data?.annotations ?? [];
  return (
    <section aria-labelledby="suggestions">
      <h3 id="suggestions">{texts.title}</h3>
      <p className="muted small">{texts.intro}</p>
      {error !== null && <p className="alert alert-danger">{errorText(error, messages)}</p>}
      {llm?.on === false && <p className="alert">{texts.isOff}</p>}
      {data !== undefined && annotations.length === 0 && <p className="muted">{texts.none}</p>}
      {annotations.map((one) => (
        <SuggestionCard
          key={one.id}
          annotation={one}
          mayWrite={mayWrite}
          onDecided={() => void refresh()}
        />
      ))}
      <p className="suggestion-actions">
        {mayWrite && llm?.on === true && (
          <button type="button" className="judge" onClick={() => void ask()}>
            {texts.askQuestions}
          </button>
        )}
        {mayWrite && (
          <button type="button" className="judge" onClick={() => setReporting(true)}>
            {texts.suspect}
            <KeyHint name="V" />
          </button>
        )}
        {maySwitch && llm !== undefined && (
          <button type="button" className="judge" onClick={() => void turn(!llm.on)}>
            {llm.on ? texts.turnOff : texts.turnOn}
          </button>
        )}
      </p>
      {isReporting && (
        <SuspicionDialog
          findingId={findingId}
          annotationId={annotations[0]?.id}
          onClose={() => setReporting(false)}
        />
      )}
    </section>
  );
}
