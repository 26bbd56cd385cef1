// What the messages of PostgreSQL say about connections, sign-ins and statements, in English and, where
// the server's messages are German, for refused sign-ins too.

/** Fields of one message; names are those of the records of `postgresql`. */
export type PostgresFields = Readonly<Record<string, string>>;

const MESSAGES: readonly (readonly [RegExp, action: string, outcome?: string])[] = [
  [
    /^connection received: host=(?<source_ip>\S{1,255})(?: port=(?<source_port>\d{1,5}))?/,
    "connection-received",
  ],
  [
    /^connection authenticated: (?:user="(?<user>[^"]{1,255})"|identity="(?<identity>[^"]{1,255})") method=(?<method>[\w-]{1,40})/,
    "database-login",
    "success",
  ],
  [
    /^connection authorized: user=(?<user>\S{1,255})(?: database=(?<database>\S{1,255}))?(?: application_name=(?<application>[^(]{1,200}?))?(?: SSL enabled.{0,300}| GSS.{0,300})?$/,
    "connection-authorized",
    "success",
  ],
  [
    /^disconnection: session time: (?<duration>[\d:.]{1,30}) user=(?<user>\S{1,255}) database=(?<database>\S{1,255}) host=(?<source_ip>\S{1,255})(?: port=(?<source_port>\d{1,5}))?/,
    "disconnection",
  ],
  [
    /^(?<method>[\w-]{1,20}(?: [\w-]{1,20})?) authentication failed for user "(?<user>[^"]{1,255})"/i,
    "database-login",
    "failure",
  ],
  [
    /^(?<method>[\w-]{1,20})-Authentifizierung für Benutzer »(?<user>[^«]{1,255})« fehlgeschlagen/,
    "database-login",
    "failure",
  ],
  [
    /^(?:no pg_hba\.conf entry|pg_hba\.conf rejects (?:replication )?connection) for (?:replication connection from )?host "(?<source_ip>[^"]{1,255})", user "(?<user>[^"]{1,255})"(?:, database "(?<database>[^"]{1,255})")?/,
    "database-login",
    "failure",
  ],
  [
    /^role "(?<user>[^"]{1,255})" (?:does not exist|is not permitted to log in)/,
    "database-login",
    "failure",
  ],
  [/^database "(?<database>[^"]{1,255})" does not exist/, "database-missing", "failure"],
  [
    /^permission denied for (?<object_kind>[\w ]{1,40}) (?<object>\S{1,255})/,
    "access-denied",
    "failure",
  ],
  [
    /^AUDIT: (?<audit_class>SESSION|OBJECT),\d{1,12},\d{1,12},(?<audit_type>[A-Z]{1,20}),/,
    "sql-statement",
  ],
];
const STATEMENT =
  /^(?:duration: (?<duration>[\d.]{1,20}) ms {1,4})?(?:statement|execute [^:]{1,80}|parse [^:]{1,80}|bind [^:]{1,80}): /;

/** Reads a message; empty when nothing in it is known. */
export function readPostgresMessage(message: string): PostgresFields {
  const head = message.slice(0, 1200);
  const statement = STATEMENT.exec(head);
  if (statement !== null) {
    const duration = statement.groups?.duration;
    const fields = { action: "sql-statement", statement: message.slice(statement[0].length) };
    return duration === undefined ? fields : { ...fields, duration };
  }
  for (const [pattern, action, outcome] of MESSAGES) {
    const groups = pattern.exec(head)?.groups;
    if (groups === undefined) continue;
    const filled = Object.entries(groups).filter((entry) => entry[1] !== undefined);
    const fields: Record<string, string> = { action, ...Object.fromEntries(filled) };
    if (outcome !== undefined) fields.outcome = outcome;
    if (fields.audit_class !== undefined) fields.statement = message;
    return fields;
  }
  return {};
}
