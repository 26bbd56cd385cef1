// A change of what hides or blocks: sent, told at the foot of the screen, and everything asked anew that it
// may have changed.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "../api/client.ts";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { formFault } from "../shell/form-fault.ts";
import { useToast } from "../shell/toast.tsx";

const TOUCHED = [
  ...["exceptions", "maintenance", "block-lists", "hidden-preview", "containment"],
  ...["findings", "finding", "summary", "queue", "history", "incident"],
];

/** Sends a change and returns the answer. Rejects with ApiError. */
export function useChange(): <T>(
  path: string,
  body: object,
  done: (answer: T) => string,
) => Promise<T> {
  const client = useQueryClient();
  const toast = useToast();
  return async <T>(path: string, body: object, done: (answer: T) => string) => {
    try {
      const answer = await request<T>("POST", path, body);
      toast({ text: done(answer) });
      return answer;
    } finally {
      for (const key of TOUCHED) void client.invalidateQueries({ queryKey: [key] });
    }
  };
}

/** The same without a form: a refusal goes to the foot of the screen, too. */
export function useQuickChange(): (path: string, body: object, done: string) => void {
  const change = useChange();
  const toast = useToast();
  const { messages } = useSpeech();
  return (path, body, done) =>
    void change(path, body, () => done).catch((error: unknown) =>
      toast({ text: formFault(error, messages) }),
    );
}

/** Who reads, and whether they may change something. */
export function useReader(): { readonly self: string | undefined; readonly mayWrite: boolean } {
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  return {
    self: session?.account.id,
    mayWrite: session?.capabilities.includes("findings:write") ?? false,
  };
}
