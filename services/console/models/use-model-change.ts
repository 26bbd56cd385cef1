// A change of a model: sent, told at the foot of the screen, and the page asked anew. A refusal is put into words
// that fit models: one training at a time, versions that others changed.
import { useQueryClient } from "@tanstack/react-query";
import { ApiError, request } from "../api/client.ts";
import { useSpeech } from "../messages/language.tsx";
import { wordFor } from "../model/model-view.ts";
import { useToast } from "../shell/toast.tsx";

/** Asks anew for what a change may have changed. */
export function useRefreshModels(): () => void {
  const client = useQueryClient();
  return () => {
    for (const key of ["models", "model-comparison"])
      void client.invalidateQueries({ queryKey: [key] });
  };
}

/** Sends a change of the named model. Rejects with ApiError. */
export function useModelChange(
  name: string,
): (
  step: "train" | "evaluate" | "promote" | "rollback",
  body: object,
  done: string,
) => Promise<void> {
  const { messages } = useSpeech();
  const toast = useToast();
  const refresh = useRefreshModels();
  return async (step, body, done) => {
    try {
      await request("POST", `/models/${encodeURIComponent(name)}/${step}`, body);
      toast({ text: done });
    } catch (error) {
      const { refusals } = messages.models;
      if (!(error instanceof ApiError) || !Object.hasOwn(refusals, error.code)) throw error;
      throw new ApiError(error.status, error.code, wordFor(refusals, error.code));
    } finally {
      refresh();
    }
  };
}
