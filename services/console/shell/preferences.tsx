// What a person set for this browser: colours, language, single-key shortcuts. Kept in localStorage,
// because it belongs to the screen and not to the account.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import type { Language } from "../model/format.ts";
import { usePrinting } from "./use-printing.ts";

export interface Preferences {
  readonly theme: "system" | "light" | "dark";
  readonly language: Language;
  /** Single-key shortcuts; WCAG 2.1.4 asks that they can be switched off. */
  readonly shortcuts: boolean;
}

interface PreferencesValue {
  readonly preferences: Preferences;
  /** Paper is light whatever the screen is. */
  readonly isPrinting: boolean;
  readonly change: (part: Partial<Preferences>) => void;
}

const STORAGE_KEY = "heidewacht.preferences";
const DEFAULTS: Preferences = { theme: "system", language: "de", shortcuts: true };
const PreferencesContext = createContext<PreferencesValue>({
  preferences: DEFAULTS,
  isPrinting: false,
  change: () => undefined,
});

/** Reads, applies and keeps the preferences. */
export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [preferences, setPreferences] = useState(readPreferences);
  const isPrinting = usePrinting((onPaper) => showTheme(onPaper ? "light" : preferences.theme));
  useEffect(() => {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(preferences));
    showTheme(preferences.theme);
  }, [preferences]);
  const value = useMemo(
    () => ({
      preferences,
      isPrinting,
      change: (part: Partial<Preferences>) => setPreferences((now) => ({ ...now, ...part })),
    }),
    [preferences, isPrinting],
  );
  return <PreferencesContext.Provider value={value}>{children}</PreferencesContext.Provider>;
}

/** The preferences and how to change them. */
export function usePreferences(): PreferencesValue {
  return useContext(PreferencesContext);
}

function showTheme(theme: Preferences["theme"]): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.kernTheme;
  else root.dataset.kernTheme = theme;
}

function readPreferences(): Preferences {
  const raw = parse(localStorage.getItem(STORAGE_KEY));
  return {
    theme: raw.theme === "light" || raw.theme === "dark" ? raw.theme : "system",
    language: raw.language === "en" ? "en" : "de",
    shortcuts: raw.shortcuts !== false,
  };
}

function parse(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    // An object's own keys are read one by one above, so any object will do.
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
