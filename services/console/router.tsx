// Addresses of the console. Screens beside the queue are loaded when they are first visited.
import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  Navigate,
} from "@tanstack/react-router";
import type { EventSearch } from "./api/queries.ts";
import { useSpeech } from "./messages/language.tsx";
import { readRange } from "./model/board-view.ts";
import { readIncidentFilter } from "./model/incident-filter.ts";
import { readPeriod } from "./model/period-choice.ts";
import { readQueueSearch } from "./model/queue-search.ts";
import { QueuePage } from "./queue/queue-page.tsx";
import { SignedInShell } from "./shell/signed-in-shell.tsx";
import { useMay } from "./shell/use-may.ts";

const root = createRootRoute({ component: SignedInShell, notFoundComponent: NotFound });

const start = createRoute({ getParentRoute: () => root, path: "/", component: StartPage });

const queue = createRoute({
  getParentRoute: () => root,
  path: "/warteschlange",
  validateSearch: readQueueSearch,
  component: QueuePage,
});

const proposal = createRoute({ getParentRoute: () => queue, path: "vorschlag/$proposal" });

/** The open finding lies under the queue, so that the list stays as it is when it changes. */
const finding = createRoute({ getParentRoute: () => queue, path: "$id" });

const events = createRoute({
  getParentRoute: () => root,
  path: "/ereignisse",
  validateSearch: readEventSearch,
  component: lazyRouteComponent(() => import("./pages/events-page.tsx"), "EventsPage"),
});

const rules = createRoute({
  getParentRoute: () => root,
  path: "/regeln",
  component: lazyRouteComponent(() => import("./pages/rules-page.tsx"), "RulesPage"),
});

const backtest = createRoute({
  getParentRoute: () => root,
  path: "/rueckschau",
  validateSearch: (raw: Readonly<Record<string, unknown>>): { readonly regel?: string } =>
    typeof raw.regel === "string" ? { regel: raw.regel } : {},
  component: lazyRouteComponent(() => import("./backtest/backtest-page.tsx"), "BacktestPage"),
});

const models = createRoute({
  getParentRoute: () => root,
  path: "/modelle",
  component: lazyRouteComponent(() => import("./models/models-page.tsx"), "ModelsPage"),
});

const silences = createRoute({
  getParentRoute: () => root,
  path: "/stummschaltungen",
  component: lazyRouteComponent(() => import("./pages/silences-page.tsx"), "SilencesPage"),
});

const incidents = createRoute({
  getParentRoute: () => root,
  path: "/vorfaelle",
  validateSearch: readIncidentFilter,
  component: lazyRouteComponent(() => import("./incidents/incidents-page.tsx"), "IncidentsPage"),
});

const incident = createRoute({
  getParentRoute: () => root,
  path: "/vorfaelle/$id",
  component: lazyRouteComponent(() => import("./incidents/incident-page.tsx"), "IncidentPage"),
});

const exceptions = createRoute({
  getParentRoute: () => root,
  path: "/ausnahmen",
  component: lazyRouteComponent(() => import("./exceptions/exceptions-page.tsx"), "ExceptionsPage"),
});

const maintenance = createRoute({
  getParentRoute: () => root,
  path: "/wartung",
  component: lazyRouteComponent(
    () => import("./maintenance/maintenance-page.tsx"),
    "MaintenancePage",
  ),
});

const blocks = createRoute({
  getParentRoute: () => root,
  path: "/sperrlisten",
  component: lazyRouteComponent(() => import("./block-lists/blocks-page.tsx"), "BlocksPage"),
});

const duty = createRoute({
  getParentRoute: () => root,
  path: "/dienst",
  component: lazyRouteComponent(() => import("./paging/duty-page.tsx"), "DutyPage"),
});

const paging = createRoute({
  getParentRoute: () => root,
  path: "/alarmierung",
  component: lazyRouteComponent(() => import("./paging/paging-page.tsx"), "PagingPage"),
});

const review = createRoute({
  getParentRoute: () => root,
  path: "/lage",
  validateSearch: readPeriod,
  component: lazyRouteComponent(() => import("./figures/review-page.tsx"), "ReviewPage"),
});

const boards = createRoute({
  getParentRoute: () => root,
  path: "/tafeln",
  component: lazyRouteComponent(() => import("./boards/boards-page.tsx"), "BoardsPage"),
});

const board = createRoute({
  getParentRoute: () => root,
  path: "/tafeln/$board",
  validateSearch: readRange,
  component: lazyRouteComponent(() => import("./boards/board-page.tsx"), "BoardPage"),
});

const reports = createRoute({
  getParentRoute: () => root,
  path: "/berichte",
  component: lazyRouteComponent(() => import("./reports/reports-page.tsx"), "ReportsPage"),
});

const sources = createRoute({
  getParentRoute: () => root,
  path: "/quellen",
  component: lazyRouteComponent(() => import("./pages/sources-page.tsx"), "SourcesPage"),
});

const status = createRoute({
  getParentRoute: () => root,
  path: "/zustand",
  component: lazyRouteComponent(() => import("./pages/status-page.tsx"), "StatusPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    queue.addChildren([finding, proposal]),
    events,
    silences,
    exceptions,
    maintenance,
    incidents,
    incident,
    blocks,
    duty,
    paging,
    rules,
    models,
    backtest,
    review,
    boards,
    board,
    reports,
    sources,
    status,
  ]),
  defaultPreload: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

function readEventSearch(raw: Readonly<Record<string, unknown>>): EventSearch {
  const text = (name: string) => (typeof raw[name] === "string" ? String(raw[name]) : "");
  return {
    ...(text("query") === "" ? {} : { query: text("query") }),
    ...(text("from") === "" ? {} : { from: text("from") }),
    ...(text("to") === "" ? {} : { to: text("to") }),
  };
}

/** Who sees figures only begins with them. */
function StartPage() {
  const mayRead = useMay("findings:read");
  return <Navigate to={mayRead ? "/warteschlange" : "/lage"} replace />;
}

function NotFound() {
  const { messages } = useSpeech();
  return (
    <div className="page">
      <h1>{messages.common.notFound}</h1>
      <Link to="/warteschlange">{messages.common.toQueue}</Link>
    </div>
  );
}
