// Colours, language and single-key shortcuts, in one small panel.
import { useEffect, useId, useRef } from "react";
import { useSpeech } from "../messages/language.tsx";
import { usePreferences } from "./preferences.tsx";

const THEMES = ["system", "light", "dark"] as const;
const LANGUAGES = ["de", "en"] as const;

/** A disclosure with the preferences; usable before and after sign-in. */
export function SettingsMenu() {
  const { messages } = useSpeech();
  const { preferences, change } = usePreferences();
  const id = useId();
  const texts = messages.settings;
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const { current } = element;
      const outside = !(event.target instanceof Node && current?.contains(event.target));
      const escaped = event instanceof KeyboardEvent && event.key === "Escape";
      if (current !== null && (escaped || (outside && event.type === "pointerdown")))
        current.open = false;
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, []);
  return (
    <details className="settings" ref={element}>
      <summary>{texts.title}</summary>
      <div className="settings-panel">
        <fieldset>
          <legend>{texts.theme}</legend>
          {THEMES.map((theme) => (
            <label key={theme}>
              <input
                type="radio"
                name={`${id}-theme`}
                checked={preferences.theme === theme}
                onChange={() => change({ theme })}
              />
              {texts.themes[theme]}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>{texts.language}</legend>
          {LANGUAGES.map((language) => (
            <label key={language} lang={language}>
              <input
                type="radio"
                name={`${id}-language`}
                checked={preferences.language === language}
                onChange={() => change({ language })}
              />
              {texts.languages[language]}
            </label>
          ))}
        </fieldset>
        <label className="settings-switch">
          <input
            type="checkbox"
            checked={preferences.shortcuts}
            onChange={(event) => change({ shortcuts: event.currentTarget.checked })}
            aria-describedby={`${id}-hint`}
          />
          {texts.shortcuts}
        </label>
        <p id={`${id}-hint`} className="muted small">
          {texts.shortcutsHint}
        </p>
      </div>
    </details>
  );
}
