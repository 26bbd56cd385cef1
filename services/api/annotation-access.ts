// The routes of what the language model says: their part of the table of permissions and of the texts.
const READ = { access: "findings:read" } as const;
const WRITE = { access: "findings:write" } as const;

export const ANNOTATION_ACCESS = {
  "GET /findings/:id/annotations": READ,
  "POST /findings/:id/questions": WRITE,
  "GET /incidents/:id/annotations": READ,
  "POST /incidents/:id/drafts": WRITE,
  "POST /annotations/:id/accept": WRITE,
  "POST /annotations/:id/edit": WRITE,
  "POST /annotations/:id/reject": WRITE,
  "GET /llm/switch": READ,
  "PUT /llm/switch": { access: "llm:write" },
  "GET /llm/calls": { access: "audit:read" },
} as const;

type Texts = Readonly<Record<keyof typeof ANNOTATION_ACCESS, string>>;

const de: Texts = {
  "GET /findings/:id/annotations": "KI-Vorschläge zu einem Befund",
  "POST /findings/:id/questions": "Nächste Fragen zu einem Befund anfordern",
  "GET /incidents/:id/annotations": "KI-Vorschläge zu einem Vorfall",
  "POST /incidents/:id/drafts": "Berichtsentwurf oder Ablauf zu einem Vorfall anfordern",
  "POST /annotations/:id/accept": "KI-Vorschlag übernehmen",
  "POST /annotations/:id/edit": "KI-Vorschlag überarbeiten",
  "POST /annotations/:id/reject": "KI-Vorschlag verwerfen",
  "GET /llm/switch": "Ist das Sprachmodell eingeschaltet?",
  "PUT /llm/switch": "Sprachmodell des Mandanten ein- oder ausschalten",
  "GET /llm/calls": "Protokoll der Aufrufe des Sprachmodells",
};

const en: Texts = {
  "GET /findings/:id/annotations": "AI suggestions about a finding",
  "POST /findings/:id/questions": "Request next questions about a finding",
  "GET /incidents/:id/annotations": "AI suggestions about an incident",
  "POST /incidents/:id/drafts": "Request a draft report or the course of an incident",
  "POST /annotations/:id/accept": "Accept an AI suggestion",
  "POST /annotations/:id/edit": "Edit an AI suggestion",
  "POST /annotations/:id/reject": "Reject an AI suggestion",
  "GET /llm/switch": "Is the language model switched on?",
  "PUT /llm/switch": "Switch the tenant's language model on or off",
  "GET /llm/calls": "Log of calls of the language model",
};

export const ANNOTATION_ROUTE_TEXTS = { de, en };
