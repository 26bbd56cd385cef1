// The document's title follows the screen, so that tabs, history and screen readers name it.
import { useEffect } from "react";
import { useSpeech } from "../messages/language.tsx";

/** Sets the document's title. */
export function useTitle(title: string): void {
  const { messages } = useSpeech();
  useEffect(() => {
    document.title = `${title} · ${messages.product}`;
  }, [title, messages]);
}
