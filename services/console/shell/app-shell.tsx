// The frame around every screen: skip link, navigation, preferences, account, keys dialog.
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { request } from "../api/client.ts";
import type { Session } from "../api/contract.ts";
import { useSpeech } from "../messages/language.tsx";
import { KeyHint } from "./key-hint.tsx";
import { KeysDialog } from "./keys-dialog.tsx";
import { SettingsMenu } from "./settings-menu.tsx";
import { useShortcuts } from "./shortcuts.ts";

const PATHS = {
  queue: "/warteschlange",
  incidents: "/vorfaelle",
  events: "/ereignisse",
  silences: "/stummschaltungen",
  duty: "/dienst",
  review: "/lage",
  rules: "/regeln",
  sources: "/quellen",
  status: "/zustand",
} as const;
const SCREENS = [
  ["queue", "findings:read"],
  ["incidents", "findings:read"],
  ["events", "events:read"],
  ["silences", "findings:read"],
  ["duty", "findings:read"],
  ["review", "kpi:read"],
  ["rules", "rules:read"],
  ["sources", "status:read"],
  ["status", "status:read"],
] as const;

export function AppShell({ session }: { readonly session: Session }) {
  const { messages } = useSpeech();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [keys, setKeys] = useState(false);
  useShortcuts((action) => {
    if (action.do === "go") void navigate({ to: PATHS[action.to] });
    else if (action.do === "keys") setKeys(true);
    else return false;
    return true;
  });
  const signOut = async () => {
    await request("DELETE", "/session").catch(() => undefined);
    client.clear();
    location.assign("/");
  };
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        {messages.skip}
      </a>
      <header>
        {session.isSimulated && (
          <p className="simulated" role="note">
            {messages.simulated}
          </p>
        )}
        <div className="top">
          <span className="brand">
            <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
              <path className="brand-mark" d="M5 5v22M27 5v22M5 16h7l3-7 4 14 2-7h6" />
            </svg>
            <span className="brand-name">{messages.product}</span>
          </span>
          <nav aria-label={messages.nav.label} className="main-nav">
            <ul>
              {SCREENS.filter(([, need]) => session.capabilities.includes(need)).map(([screen]) => (
                <li key={screen}>
                  <Link to={PATHS[screen]} activeProps={{ "aria-current": "page" }}>
                    {messages.nav[screen]}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <div className="top-end">
            <button type="button" className="top-button" onClick={() => setKeys(true)}>
              {messages.keys.title}
              <KeyHint name="?" />
            </button>
            <SettingsMenu />
            <span
              className="tenant muted"
              title={`${session.tenantName}: ${messages.signIn.signedInAs(session.account.name)}`}
            >
              {session.tenantName}
            </span>
            <button type="button" className="top-button" onClick={() => void signOut()}>
              {messages.signIn.out}
            </button>
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="content">
        <Outlet />
      </main>
      {keys && <KeysDialog onClose={() => setKeys(false)} />}
    </div>
  );
}
