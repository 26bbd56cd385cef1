// The pages that belong together, below the main navigation: what hides findings, and what acts on them.
import { Link } from "@tanstack/react-router";
import { useSpeech } from "../messages/language.tsx";

/** Silences, exceptions and maintenance windows. */
export function HidingNav() {
  const { messages } = useSpeech();
  const { label, exceptions, maintenance } = messages.cases.hiding;
  return (
    <nav className="sub-nav" aria-label={label}>
      <ul>
        <li>
          <Link to="/stummschaltungen" activeProps={{ "aria-current": "page" }}>
            {messages.silences.title}
          </Link>
        </li>
        <li>
          <Link to="/ausnahmen" activeProps={{ "aria-current": "page" }}>
            {exceptions}
          </Link>
        </li>
        <li>
          <Link to="/wartung" activeProps={{ "aria-current": "page" }}>
            {maintenance}
          </Link>
        </li>
      </ul>
    </nav>
  );
}

/** Incidents and block lists. */
export function ActingNav() {
  const { messages } = useSpeech();
  const { label, incidents, blocks } = messages.cases.acting;
  return (
    <nav className="sub-nav" aria-label={label}>
      <ul>
        <li>
          <Link to="/vorfaelle" activeProps={{ "aria-current": "page" }}>
            {incidents}
          </Link>
        </li>
        <li>
          <Link to="/sperrlisten" activeProps={{ "aria-current": "page" }}>
            {blocks}
          </Link>
        </li>
      </ul>
    </nav>
  );
}
