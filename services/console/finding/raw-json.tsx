// The finding as the API gives it, for the cases that no screen foresees. Made when it is opened.
import { useState } from "react";
import { useSpeech } from "../messages/language.tsx";
import { visibleText } from "../model/visible-text.ts";

export function RawJson({ value }: { readonly value: object }) {
  const { messages } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <details className="raw" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{messages.finding.raw}</summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by key
        <pre className="mono" tabIndex={0}>
          {JSON.stringify(value, null, 2).split("\n").map(visibleText).join("\n")}
        </pre>
      )}
    </details>
  );
}
