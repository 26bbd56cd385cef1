// A change of duty or paging: sent, told at the foot of the screen, and everything asked anew that it may have
// changed. Rejects with ApiError.
import { useQueryClient } from "@tanstack/react-query";
import { request } from "../api/client.ts";
import { PAGING_KEYS } from "../api/paging-queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { formFault } from "../shell/form-fault.ts";
import { useToast } from "../shell/toast.tsx";

type Change = <T>(
  method: "POST" | "DELETE",
  path: string,
  body: object | undefined,
  done: string,
) => Promise<T>;

export function usePagingChange(): Change {
  const client = useQueryClient();
  const toast = useToast();
  return async <T>(
    method: "POST" | "DELETE",
    path: string,
    body: object | undefined,
    done: string,
  ) => {
    try {
      const answer = await request<T>(method, path, body);
      toast({ text: done });
      return answer;
    } finally {
      for (const key of [...PAGING_KEYS, "history"]) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    }
  };
}

/** The same without a form: a refusal goes to the foot of the screen, too. */
export function useQuickPagingChange(): (...given: Parameters<Change>) => void {
  const change = usePagingChange();
  const toast = useToast();
  const { messages } = useSpeech();
  return (...given) =>
    void change(...given).catch((error: unknown) => toast({ text: formFault(error, messages) }));
}
