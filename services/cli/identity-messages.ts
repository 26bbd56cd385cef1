// Texts of `heidewacht identity`, German and English.
import type { CliLanguage } from "./messages.ts";

const de = {
  identity: "Klarnamen zu Pseudonymen, mit zwei Personen",
  resolve: "einen Klarnamen beantragen; ist der eigene Antrag freigegeben, wird er gezeigt",
  approve: "den Antrag einer anderen Person freigeben",
  refuse: "den Antrag einer anderen Person ablehnen",
  api: "Adresse der Schnittstelle, z. B. http://127.0.0.1:8720",
  account: "eigenes Konto",
  passwordFile: "Datei mit dem eigenen Kennwort",
  reason: "Grund",
  incident: "Kennung des Vorfalls",
  request: "Kennung eines gestellten Antrags",
  needed: "es fehlen Pseudonym, --reason und --incident, oder --request",
  refusedBy: (status: number) => `die Schnittstelle lehnt ab (HTTP ${status})`,
  answer: (id: string, state: string) => `Antrag ${id}: ${state}`,
  states: {
    waiting: "wartet auf die zweite Person",
    approved: "freigegeben",
    refused: "abgelehnt",
  },
};

const en: typeof de = {
  identity: "names behind pseudonyms, with two persons",
  resolve: "ask for a name; once the own request is approved, the name is shown",
  approve: "approve another person's request",
  refuse: "refuse another person's request",
  api: "address of the API, e.g. http://127.0.0.1:8720",
  account: "own account",
  passwordFile: "file with the own password",
  reason: "reason",
  incident: "id of the incident",
  request: "id of a request that was made",
  needed: "the pseudonym, --reason and --incident, or --request are missing",
  refusedBy: (status) => `the API refuses (HTTP ${status})`,
  answer: (id, state) => `request ${id}: ${state}`,
  states: { waiting: "waits for the second person", approved: "approved", refused: "refused" },
};

export const IDENTITY_MESSAGES: Readonly<Record<CliLanguage, typeof de>> = { de, en };
