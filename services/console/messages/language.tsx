// Which language the screens speak, and the texts and formats that follow from it.
import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import { type Formats, formatsOf, type Language } from "../model/format.ts";
import { usePreferences } from "../shell/preferences.tsx";
import { de, type Messages } from "./de.ts";
import { en } from "./en.ts";

interface Speech {
  readonly language: Language;
  readonly messages: Messages;
  readonly formats: Formats;
}

const CATALOGUES: Readonly<Record<Language, Messages>> = { de, en };
const SpeechContext = createContext<Speech>({
  language: "de",
  messages: de,
  formats: formatsOf("de"),
});

/** Provides texts and formats and keeps the document's `lang` right. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const { language } = usePreferences().preferences;
  const speech = useMemo(
    () => ({ language, messages: CATALOGUES[language], formats: formatsOf(language) }),
    [language],
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <SpeechContext.Provider value={speech}>{children}</SpeechContext.Provider>;
}

/** The texts and formats of the chosen language. */
export function useSpeech(): Speech {
  return useContext(SpeechContext);
}
