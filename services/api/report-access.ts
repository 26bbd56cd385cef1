// The routes of reports: their part of the table of permissions and of the texts. The management reads the
// list and the short form; the whole report is for security officer and administration.
const READ = { access: "report:read" } as const;
const FIGURES = { access: "kpi:read" } as const;

export const REPORT_ACCESS = {
  "GET /reports": FIGURES,
  "POST /reports": { access: "report:write" },
  "GET /reports/verification": READ,
  "GET /reports/draft": READ,
  "GET /reports/draft/files/:form": READ,
  "GET /reports/:id": READ,
  "GET /reports/:id/data": READ,
  "GET /reports/:id/files/:form": READ,
  "GET /reports/:id/summary/:form": FIGURES,
} as const;

type Texts = Readonly<Record<keyof typeof REPORT_ACCESS, string>>;

const de: Texts = {
  "GET /reports": "Veröffentlichte Berichte, der neueste zuerst",
  "POST /reports": "Bericht eines Zeitraums veröffentlichen (unveränderlich)",
  "GET /reports/verification": "Prüft die Kette der veröffentlichten Berichte",
  "GET /reports/draft": "Daten eines Entwurfs, ganz oder ein Abschnitt",
  "GET /reports/draft/files/:form": "Entwurf als Datei (JSON, HTML, PDF, CSV, Übergabe ans DMS)",
  "GET /reports/:id":
    "Ein veröffentlichter Bericht und was sich gegenüber der vorigen Fassung änderte",
  "GET /reports/:id/data": "Daten eines veröffentlichten Berichts, ganz oder ein Abschnitt",
  "GET /reports/:id/files/:form": "Veröffentlichter Bericht als Datei",
  "GET /reports/:id/summary/:form": "Kurzfassung eines veröffentlichten Berichts als Datei",
};

const en: Texts = {
  "GET /reports": "Published reports, newest first",
  "POST /reports": "Publish the report of a period (for good)",
  "GET /reports/verification": "Verifies the chain of published reports",
  "GET /reports/draft": "Data of a draft, all or one section",
  "GET /reports/draft/files/:form": "A draft as a file (JSON, HTML, PDF, CSV, hand-over)",
  "GET /reports/:id": "A published report and what changed since the revision before",
  "GET /reports/:id/data": "Data of a published report, all or one section",
  "GET /reports/:id/files/:form": "A published report as a file",
  "GET /reports/:id/summary/:form": "The short form of a published report as a file",
};

export const REPORT_ROUTE_TEXTS: Readonly<Record<"de" | "en", Texts>> = { de, en };
