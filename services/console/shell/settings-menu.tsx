// Colours, language and single-key shortcuts, in one small panel.
import { useId } from "react";
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
  return (
    <details className="settings">
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
