// Which ECS name a field of an unknown log probably means, from its own name (English and German) and
// the kind of its values. A person looks at what is proposed before it is used.
import type { ValueKind } from "./value-kind.ts";

/** A field of an unknown log. */
export interface SeenField {
  /** As the log writes it: a key, a column, a JSON path. */
  readonly name: string;
  readonly kind: ValueKind;
  /** No two records share a value. */
  readonly isUnique: boolean;
}

interface Meaning {
  readonly ecs: string;
  /** Names without case, blanks and marks. */
  readonly names: string;
  /** Kinds that the values may have; left out: any. */
  readonly kinds?: readonly ValueKind[];
}

const ADDRESS: readonly ValueKind[] = ["ip"];
const NUMBER: readonly ValueKind[] = ["integer"];

// The order decides where a name means two things.
const MEANINGS: readonly Meaning[] = [
  {
    ecs: "source.ip",
    names:
      "ip clientip srcip src sourceip source remoteip remoteaddr remoteaddress remote client clientaddress ipadresse ipaddress ipaddr quellip quelle adresse absender peer peerip rechner host von from arbeitsplatz",
    kinds: ADDRESS,
  },
  {
    ecs: "destination.ip",
    names: "dst dstip destip destinationip destination dest ziel zielip serverip server nach to",
    kinds: ADDRESS,
  },
  {
    ecs: "source.port",
    names: "srcport sourceport spt sport clientport quellport port",
    kinds: NUMBER,
  },
  {
    ecs: "destination.port",
    names: "dstport destport dpt dport zielport serverport",
    kinds: NUMBER,
  },
  {
    ecs: "user.name",
    names:
      "user username usr login loginname logon account accountname userid uid benutzer benutzername benutzerkennung konto kontoname kennung anwender bearbeiter sachbearbeiter nutzer nutzername nutzerkennung ersteller owner actor principal mitarbeiter anmeldename subject",
  },
  { ecs: "user.full_name", names: "fullname displayname klarname anzeigename vollername realname" },
  { ecs: "user.email", names: "mail email mailadresse emailaddress" },
  { ecs: "user.id", names: "sid usersid", kinds: ["sid"] },
  {
    ecs: "event.action",
    names:
      "action event eventname eventtype operation op aktion vorgang ereignis ereignisart ereignistyp art typ type aktivitaet tätigkeit activity verb",
    kinds: ["text"],
  },
  { ecs: "event.reason", names: "reason grund ursache begründung" },
  { ecs: "event.code", names: "eventid eventcode code ereignisid meldungsnummer msgid" },
  { ecs: "log.level", names: "level severity loglevel stufe prio priority lvl schwere" },
  {
    ecs: "message",
    names: "message msg text meldung nachricht beschreibung description detail details hinweis",
  },
  {
    ecs: "host.name",
    names:
      "host hostname rechner rechnername computer computername server servername machine node system pc client arbeitsplatz workstation gerät device",
    kinds: ["host", "text"],
  },
  { ecs: "process.name", names: "process program prozess programm application app anwendung" },
  { ecs: "service.name", names: "service dienst modul module component komponente verfahren" },
  { ecs: "process.pid", names: "pid processid prozessid", kinds: NUMBER },
  { ecs: "process.command_line", names: "commandline command cmd befehl" },
  { ecs: "file.path", names: "path filepath pfad dateipfad" },
  { ecs: "file.name", names: "file filename datei dateiname dokument document" },
  { ecs: "url.original", names: "url uri link adresse", kinds: ["uri", "text"] },
  { ecs: "url.path", names: "urlpath requestpath requesturi" },
  { ecs: "http.request.method", names: "method httpmethod requestmethod" },
  { ecs: "http.response.status_code", names: "statuscode httpstatus responsecode", kinds: NUMBER },
  { ecs: "user_agent.original", names: "useragent agent browser" },
  { ecs: "network.transport", names: "proto protocol protokoll", kinds: ["text"] },
  { ecs: "rule.name", names: "rule policy regel richtlinie" },
  { ecs: "session.id", names: "session sessionid sitzung sitzungsid" },
];

const BY_NAME = new Map<string, Meaning[]>();
for (const meaning of MEANINGS) {
  for (const name of meaning.names.split(" ")) {
    const all = BY_NAME.get(name) ?? [];
    all.push(meaning);
    BY_NAME.set(name, all);
  }
}

// Where the name says nothing, some kinds do.
const BY_KIND: Readonly<Partial<Record<ValueKind, readonly string[]>>> = {
  ip: ["source.ip", "destination.ip"],
  mac: ["source.mac", "destination.mac"],
  email: ["user.email"],
  account: ["user.name"],
  sid: ["user.id"],
  uri: ["url.original"],
  level: ["log.level"],
};

/** ECS name → field, each ECS name once; fields whose meaning is not known are left out. */
export function guessNames(fields: readonly SeenField[]): Map<string, string> {
  const found = new Map<string, string>();
  const done = new Set<string>();
  const take = (field: SeenField, names: readonly string[]) => {
    const ecs = names.find((name) => !found.has(name));
    if (ecs === undefined) return;
    found.set(ecs, field.name);
    done.add(field.name);
  };
  for (const field of fields) take(field, meaningsOf(field));
  for (const field of fields) {
    if (!done.has(field.name)) take(field, BY_KIND[field.kind] ?? []);
  }
  return found;
}

/** What a name means in ECS, the likeliest first. */
function meaningsOf({ name, kind }: SeenField): string[] {
  const parts = name.split(".");
  const tries = [parts.join(""), parts.slice(-2).join(""), parts.at(-1) ?? ""];
  const meanings = tries.flatMap((one) => BY_NAME.get(bareName(one)) ?? []);
  return meanings.filter(({ kinds }) => kinds?.includes(kind) ?? true).map(({ ecs }) => ecs);
}

/** Whether what follows a word is the name of a person's account. */
export function namesPerson(word: string | undefined): boolean {
  const meanings = word === undefined ? [] : (BY_NAME.get(bareName(word)) ?? []);
  return meanings.some(({ ecs }) => ecs.startsWith("user."));
}

const ID_NAMES =
  /^(?:id|uuid|guid|(?:event|record|request|message|log|vorgangs?|ereignis|datensatz|protokoll|meldungs?)(?:id|nr|nummer|uuid|number))$/;

/** The field whose value is the record's own identity; undefined when none is. */
export function guessIdentity(fields: readonly SeenField[]): string | undefined {
  const named = (name: string) =>
    ID_NAMES.test(bareName(name.replaceAll(".", ""))) ||
    ID_NAMES.test(bareName(name.slice(name.lastIndexOf(".") + 1)));
  return fields.find((field) => field.isUnique && named(field.name))?.name;
}

const TIME_NAMES =
  /^(?:timestamp|time|ts|zeit|zeitstempel|zeitpunkt|datumzeit|datum|date|datetime|eventtime|created|createdat|when|logtime|uhrzeit|t)$/;

/** The best of the fields that hold times. */
export function guessTime(names: readonly string[]): string | undefined {
  const isNamed = (name: string) =>
    TIME_NAMES.test(bareName(name.slice(name.lastIndexOf(".") + 1)));
  return names.find(isNamed) ?? names[0];
}

const OUTCOME_NAMES = /^(?:result|status|outcome|ergebnis|erfolg|success|successful|resultat)$/;
const SUCCESS =
  /^(?:ok|okay|success|successful|succeeded|true|yes|ja|erfolg|erfolgreich|granted|allowed|erlaubt|passed|0)$/i;
const FAILURE =
  /^(?:fail|failed|failure|false|no|nein|error|fehler|denied|abgelehnt|verweigert|fehlgeschlagen|misserfolg|rejected|blocked|1)$/i;

/** What the values of a result field mean; undefined when they are no results. */
export function guessOutcome(
  name: string,
  values: readonly unknown[],
): Record<string, "success" | "failure"> | undefined {
  if (!OUTCOME_NAMES.test(bareName(name.slice(name.lastIndexOf(".") + 1)))) return undefined;
  const meant: Record<string, "success" | "failure"> = {};
  for (const value of new Set(values.map(String))) {
    if (SUCCESS.test(value)) meant[value] = "success";
    else if (FAILURE.test(value)) meant[value] = "failure";
    else return undefined;
  }
  return meant;
}

function bareName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\d]/gu, "");
}
