// After a decision about grouping: everything that shows groups is asked for anew, and the way back is
// offered.
import { useQueryClient } from "@tanstack/react-query";
import type { DecidedAnswer } from "../api/contract.ts";
import { endGrouping } from "../api/queue-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { errorText } from "../shell/error-text.ts";
import { useToast } from "../shell/toast.tsx";

/** @returns what tells of a decision, with the words for it */
export function useDecided(onDone: () => void): (answer: DecidedAnswer, words: string) => void {
  const { messages } = useSpeech();
  const client = useQueryClient();
  const toast = useToast();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ["groupings"] });
    void client.invalidateQueries({ queryKey: ["proposal"] });
    onDone();
  };
  const takeBack = async ({ grouping, version }: DecidedAnswer) => {
    try {
      await endGrouping(grouping.id, version);
      toast({ text: messages.grouping.takenBack });
      refresh();
    } catch (error) {
      toast({ text: errorText(error, messages) });
    }
  };
  return (answer, words) => {
    toast({
      text: words,
      action: { label: messages.toast.undo, run: () => void takeBack(answer) },
    });
    refresh();
  };
}
