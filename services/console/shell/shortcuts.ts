// Listens for single-key shortcuts on the whole page; fields, dialogs and browser shortcuts keep theirs.
import { useEffect, useRef } from "react";
import { type KeyAction, shortcutKey } from "../model/key-map.ts";
import { usePreferences } from "./preferences.tsx";

/** A prefix such as `g` waits this long for its second key. */
const PREFIX_WAIT_MS = 1500;
const OWN_KEYS = "input:not([type=checkbox]):not([type=radio]), textarea, select, dialog";

/** Calls `run` for every shortcut; when it returns true the key is used up. */
export function useShortcuts(run: (action: KeyAction) => boolean): void {
  const { shortcuts } = usePreferences().preferences;
  const handler = useRef(run);
  useEffect(() => {
    handler.current = run;
  });
  useEffect(() => {
    if (!shortcuts) return;
    let prefix: "g" | undefined;
    let prefixAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(OWN_KEYS)) return;
      if (document.querySelector("dialog[open]")) return;
      // Enter belongs to whatever has the focus; it opens only when nothing has.
      if (event.key === "Enter" && event.target !== document.body) return;
      if (event.timeStamp - prefixAt > PREFIX_WAIT_MS) prefix = undefined;
      const outcome = shortcutKey(event.key, prefix);
      prefix = outcome.prefix;
      prefixAt = event.timeStamp;
      if (outcome.action && handler.current(outcome.action)) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [shortcuts]);
}
