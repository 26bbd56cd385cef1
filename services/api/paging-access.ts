// The routes of paging and of duty: their part of the table of permissions and of the texts.
const READ = { access: "findings:read" } as const;
/** What a screen asks by itself. */
const SEEN = { access: "findings:read", background: true } as const;
const WRITE = { access: "paging:write" } as const;

export const PAGING_ACCESS = {
  "GET /on-call": SEEN,
  "GET /on-call/shifts": SEEN,
  "GET /on-call/overrides": SEEN,
  "POST /on-call/overrides": WRITE,
  "DELETE /on-call/overrides/:id": WRITE,
  // For people: what a program may do says nothing of whose calendar it is.
  "GET /on-call/calendars": WRITE,
  "POST /on-call/calendars": WRITE,
  "DELETE /on-call/calendars/:id": WRITE,
  "GET /paging": SEEN,
  "GET /paging/check": READ,
  "GET /paging/noise": SEEN,
  "GET /paging/test-pages": SEEN,
  "POST /paging/test-pages": WRITE,
  "GET /paging/test-pages/:id": SEEN,
  "GET /findings/:id/paging": SEEN,
  "POST /findings/:id/page-answer": { access: "findings:write" },
} as const;

type Texts = Readonly<Record<keyof typeof PAGING_ACCESS, string>>;

const de: Texts = {
  "GET /on-call": "Wer hat jetzt Dienst, und wer danach?",
  "GET /on-call/shifts": "Dienste und Lücken der nächsten Wochen",
  "GET /on-call/overrides": "Vertretungen",
  "POST /on-call/overrides": "Vertretung eintragen",
  "DELETE /on-call/overrides/:id": "Vertretung beenden oder zurücknehmen",
  "GET /on-call/calendars": "Eigene Kalender-Abos",
  "POST /on-call/calendars": "Kalender-Abo anlegen (Adresse wird einmal gezeigt)",
  "DELETE /on-call/calendars/:id": "Kalender-Abo widerrufen",
  "GET /paging": "Kanäle mit letztem Lebenszeichen, Abläufe und offene Alarme",
  "GET /paging/check": "Prüfung der eingestellten Alarmierung",
  "GET /paging/noise": "Alarme dieser Woche und das Budget",
  "GET /paging/test-pages": "Testalarme, der neueste zuerst",
  "POST /paging/test-pages": "Testalarm anfordern",
  "GET /paging/test-pages/:id": "Ergebnis eines Testalarms",
  "GET /findings/:id/paging": "Alarmierung zu einem Befund: wer gerufen wurde und wer als Nächstes",
  "POST /findings/:id/page-answer": "Alarm zu einem Befund übernehmen oder ablehnen",
};

const en: Texts = {
  "GET /on-call": "Who is on duty now, and who is next?",
  "GET /on-call/shifts": "Shifts and gaps of the next weeks",
  "GET /on-call/overrides": "Overrides",
  "POST /on-call/overrides": "Put somebody else on duty for a time",
  "DELETE /on-call/overrides/:id": "End or withdraw an override",
  "GET /on-call/calendars": "Your own calendar subscriptions",
  "POST /on-call/calendars": "Make a calendar subscription (its address is shown once)",
  "DELETE /on-call/calendars/:id": "Revoke a calendar subscription",
  "GET /paging": "Channels with their last proof of life, policies and open pages",
  "GET /paging/check": "Check of the paging that is configured",
  "GET /paging/noise": "Pages of this week and the budget",
  "GET /paging/test-pages": "Test pages, newest first",
  "POST /paging/test-pages": "Request a test page",
  "GET /paging/test-pages/:id": "Result of a test page",
  "GET /findings/:id/paging": "Paging of a finding: who was called and who is next",
  "POST /findings/:id/page-answer": "Take or decline a finding's page",
};

export const PAGING_ROUTE_TEXTS = { de, en };
