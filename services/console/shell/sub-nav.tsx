// The pages that belong together, below the main navigation: what detects, what hides findings, who is
// called, what acts on them, and what is measured.
import { Link } from "@tanstack/react-router";
import { useSpeech } from "../messages/language.tsx";
import { useMay } from "./use-may.ts";

/** Rules, models and backtests. */
export function DetectingNav() {
  const { messages } = useSpeech();
  const mayTest = useMay("rules:test");
  return (
    <nav className="sub-nav" aria-label={messages.models.nav}>
      <ul>
        <li>
          <Link to="/regeln" activeProps={{ "aria-current": "page" }}>
            {messages.rules.title}
          </Link>
        </li>
        <li>
          <Link to="/modelle" activeProps={{ "aria-current": "page" }}>
            {messages.models.title}
          </Link>
        </li>
        {mayTest && (
          <li>
            <Link to="/rueckschau" activeProps={{ "aria-current": "page" }}>
              {messages.backtest.title}
            </Link>
          </li>
        )}
      </ul>
    </nav>
  );
}

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

/** Who is on duty, and how they are called. */
export function PagingNav() {
  const { messages } = useSpeech();
  const { nav, duty, board } = messages.paging;
  return (
    <nav className="sub-nav" aria-label={nav}>
      <ul>
        <li>
          <Link to="/dienst" activeProps={{ "aria-current": "page" }}>
            {duty.title}
          </Link>
        </li>
        <li>
          <Link to="/alarmierung" activeProps={{ "aria-current": "page" }}>
            {board.title}
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

/** The page for those who decide, the boards, and the reports. */
export function FiguresNav() {
  const { messages } = useSpeech();
  return (
    <nav className="sub-nav" aria-label={messages.figures.nav}>
      <ul>
        <li>
          <Link to="/lage" activeProps={{ "aria-current": "page" }}>
            {messages.figures.title}
          </Link>
        </li>
        <li>
          <Link to="/tafeln" activeProps={{ "aria-current": "page" }}>
            {messages.boards.title}
          </Link>
        </li>
        <li>
          <Link to="/berichte" activeProps={{ "aria-current": "page" }}>
            {messages.figures.reports.title}
          </Link>
        </li>
      </ul>
    </nav>
  );
}
