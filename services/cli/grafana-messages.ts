// Texts of `heidewacht grafana`, German and English.
import type { Became, Step } from "./grafana-organisation.ts";
import type { CliLanguage } from "./messages.ts";

export interface GrafanaMessages {
  readonly grafana: string;
  readonly setup: string;
  readonly key: string;
  readonly url: string;
  readonly grafanaUser: string;
  readonly grafanaPassword: string;
  readonly user: string;
  readonly password: string;
  readonly tenant: string;
  readonly tenants: string;
  readonly to: string;
  readonly elasticsearch: string;
  readonly prometheus: string;
  readonly console: string;
  readonly viewer: string;
  readonly dryRun: string;
  readonly renewKey: string;
  readonly json: string;
  readonly embedded: string;
  readonly embeddedMend: string;
  readonly unknownTenant: (id: string, known: readonly string[]) => string;
  readonly viewerUnfit: (value: string) => string;
  readonly administratorMissing: string;
  readonly administratorMend: string;
  readonly consoleMissing: string;
  readonly consoleMend: string;
  readonly noAnswer: (reason: string) => string;
  readonly noAnswerMend: string;
  readonly refused: (status: number, said: string) => string;
  readonly refusedMend: (status: number) => string | undefined;
  readonly strange: string;
  readonly strangeMend: string;
  readonly keyMade: (file: string, alias: string) => string;
  readonly keyKept: (file: string, alias: string) => string;
  readonly columns: readonly [string, string, string, string];
  readonly parts: Readonly<Record<Step["part"], string>>;
  readonly became: Readonly<Record<Became, string>>;
  readonly dry: string;
  readonly organisation: (tenant: string) => string;
  readonly operation: string;
  readonly folder: string;
  readonly figures: string;
  readonly metrics: string;
}

export const GRAFANA_MESSAGES: Readonly<Record<CliLanguage, GrafanaMessages>> = {
  de: {
    grafana: "richtet Grafana für Heidewacht ein",
    setup: "legt je Mandant Organisation, Datenquelle, Ordner, Tafeln und Leserecht in Grafana an",
    key: "legt in Elasticsearch einen Schlüssel an, der nur die Kennzahlen eines Mandanten lesen darf",
    url: "Adresse von Grafana",
    grafanaUser: "Verwalter des ganzen Grafana-Servers",
    grafanaPassword: "Datei mit seinem Passwort",
    user: "Verwalter von Elasticsearch, der Schlüssel anlegen darf",
    password: "Datei mit seinem Passwort",
    tenant: "Mandant",
    tenants: "nur dieser Mandant; mehrfach möglich",
    to: "Datei für den Schlüssel",
    elasticsearch: "Adresse von Elasticsearch, wie Grafana es erreicht (sonst store.nodes)",
    prometheus:
      "Adresse von Prometheus, wie Grafana es erreicht: legt dazu die Organisation des Betriebs an",
    console: "Adresse der Konsole für Verweise (sonst console.publicUrl)",
    viewer:
      "vorhandener Benutzer von Grafana, der die Tafeln eines Mandanten sehen darf: kreis=name",
    dryRun: "ändert nichts, zeigt nur, was zu tun wäre",
    renewKey: "legt den Schlüssel der Datenquelle neu an",
    json: "Ergebnis als JSON",
    embedded: "Grafana liest Elasticsearch, und store.kind ist nicht elasticsearch",
    embeddedMend: "ohne Elasticsearch stehen dieselben Tafeln in der Konsole",
    unknownTenant: (id, known) =>
      `den Mandanten „${id}“ gibt es nicht; es gibt: ${known.join(", ")}`,
    viewerUnfit: (value) => `„${value}“ ist kein Mandant und Benutzer wie kreis=name`,
    administratorMissing: "für den Schlüssel der Datenquelle fehlt der Verwalter von Elasticsearch",
    administratorMend: "--user und --password-file angeben",
    consoleMissing: "die Adresse der Konsole fehlt, auf die Tafeln verweisen",
    consoleMend: "console.publicUrl setzen oder --console angeben",
    noAnswer: (reason) => `Grafana antwortet nicht: ${reason}`,
    noAnswerMend: "Adresse (--url), Netz und Zertifikat prüfen",
    refused: (status, said) => `Grafana lehnt ab (${status})${said === "" ? "" : `: ${said}`}`,
    refusedMend: (status) =>
      ({
        400: "eine Tafel, die Dateien bereitstellen, erst dort entfernen (docs/grafana.md)",
        401: "Benutzer und Passwort von Grafana prüfen",
        403: "nur ein Verwalter des ganzen Servers (Grafana Admin) darf Organisationen anlegen",
        404: "Ist es Grafana? Gibt es den Benutzer?",
        409: "jemand hat es gerade geändert: den Befehl noch einmal ausführen",
        412: "jemand hat es gerade geändert: den Befehl noch einmal ausführen",
      })[status],
    strange: "die Antwort ist keine, wie sie Grafana gibt",
    strangeMend: "Steht ein Proxy davor? Unterstützt sind Grafana 11 und 12",
    keyMade: (file, alias) => `${file}: neuer Schlüssel angelegt, darf nur ${alias} lesen`,
    keyKept: (file, alias) =>
      `${file}: der Schlüssel gilt und darf ${alias} lesen, nichts geändert`,
    columns: ["Organisation", "Teil", "Name", ""],
    parts: {
      organisation: "Organisation",
      source: "Datenquelle",
      folder: "Ordner",
      board: "Tafel",
      account: "Dienstkonto",
      viewer: "Leser",
    },
    became: { made: "angelegt", updated: "geändert", kept: "unverändert" },
    dry: "Nichts wurde geändert (--dry-run).",
    organisation: (tenant) => `Heidewacht: ${tenant}`,
    operation: "Heidewacht: Betrieb",
    folder: "Heidewacht",
    figures: "Heidewacht Kennzahlen",
    metrics: "Heidewacht Messwerte",
  },
  en: {
    grafana: "sets Grafana up for Heidewacht",
    setup: "makes organisation, data source, folder, boards and viewing rights for each tenant",
    key: "makes a key in Elasticsearch that may read one tenant's figures alone",
    url: "address of Grafana",
    grafanaUser: "administrator of the whole Grafana server",
    grafanaPassword: "file with the administrator's password",
    user: "administrator of Elasticsearch who may make keys",
    password: "file with the administrator's password",
    tenant: "tenant",
    tenants: "this tenant alone; may be given several times",
    to: "file for the key",
    elasticsearch: "address of Elasticsearch as Grafana reaches it (else store.nodes)",
    prometheus:
      "address of Prometheus as Grafana reaches it: makes the operators' organisation, too",
    console: "address of the console for links (else console.publicUrl)",
    viewer: "user of Grafana who may see a tenant's boards: kreis=name",
    dryRun: "changes nothing, only shows what there is to do",
    renewKey: "makes the data source's key anew",
    json: "result as JSON",
    embedded: "Grafana reads Elasticsearch, and store.kind is not elasticsearch",
    embeddedMend: "without Elasticsearch the console has the same boards",
    unknownTenant: (id, known) => `there is no tenant “${id}”; there are: ${known.join(", ")}`,
    viewerUnfit: (value) => `“${value}” is no tenant and user as in kreis=name`,
    administratorMissing: "the data source's key needs an administrator of Elasticsearch",
    administratorMend: "give --user and --password-file",
    consoleMissing: "the address of the console that boards link to is missing",
    consoleMend: "set console.publicUrl or give --console",
    noAnswer: (reason) => `Grafana does not answer: ${reason}`,
    noAnswerMend: "check the address (--url), the network and the certificate",
    refused: (status, said) => `Grafana refuses (${status})${said === "" ? "" : `: ${said}`}`,
    refusedMend: (status) =>
      ({
        400: "remove a board that files provide there first (docs/grafana.md)",
        401: "check user and password of Grafana",
        403: "only an administrator of the whole server (Grafana Admin) may make organisations",
        404: "is it Grafana? Is there such a user?",
        409: "somebody has just changed it: run the command once more",
        412: "somebody has just changed it: run the command once more",
      })[status],
    strange: "the answer is not one that Grafana gives",
    strangeMend: "is there a proxy in between? Grafana 11 and 12 are supported",
    keyMade: (file, alias) => `${file}: new key made, may read ${alias} alone`,
    keyKept: (file, alias) => `${file}: the key is accepted and may read ${alias}, nothing changed`,
    columns: ["organisation", "part", "name", ""],
    parts: {
      organisation: "organisation",
      source: "data source",
      folder: "folder",
      board: "board",
      account: "service account",
      viewer: "viewer",
    },
    became: { made: "made", updated: "updated", kept: "unchanged" },
    dry: "Nothing was changed (--dry-run).",
    organisation: (tenant) => `Heidewacht: ${tenant}`,
    operation: "Heidewacht: Betrieb",
    folder: "Heidewacht",
    figures: "Heidewacht Kennzahlen",
    metrics: "Heidewacht Messwerte",
  },
};
