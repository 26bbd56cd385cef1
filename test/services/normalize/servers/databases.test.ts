import { describe, expect, it } from "vitest";
import { mysql } from "../../../../services/normalize/servers/mysql.ts";
import { mysqlAudit } from "../../../../services/normalize/servers/mysql-audit.ts";
import { postgresql, postgresqlJson } from "../../../../services/normalize/servers/postgresql.ts";
import { readFormatSamples } from "../../../support/format-samples.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

function samplesOf(id: string): string[] {
  return readFormatSamples()
    .filter(({ format }) => format === id)
    .map(({ text }) => text);
}

const POSTGRES = samplesOf("postgresql");
const POSTGRES_JSON = samplesOf("postgresql-json");
const MYSQL = samplesOf("mysql");
const MYSQL_AUDIT = samplesOf("mysql-audit");
const STATEMENT_ROUTE = "sql / application+database / ";

describe("lines of PostgreSQL", () => {
  it.each([
    [
      0,
      { action: "connection-received", source_ip: "10.20.0.17", source_port: "50122", pid: "2214" },
    ],
    [1, { action: "database-login", outcome: "failure", user: "emustermann", dbname: "fach" }],
    [2, { error_severity: "DETAIL", user: "emustermann" }],
    [3, { action: "database-login", outcome: "success", method: "scram-sha-256" }],
    [4, { action: "connection-authorized", database: "fach", application: "psql" }],
    [
      5,
      {
        action: "sql-statement",
        statement: "select * from bescheid where nachname = 'Muster'",
        duration: "12.345",
        remote_host: "10.20.0.17",
        application_name: "psql",
      },
    ],
    [6, { action: "database-login", outcome: "failure", source_ip: "198.51.100.9" }],
    [7, { error_severity: "FEHLER", user: "emustermann" }],
    [
      8,
      {
        error_severity: "FATAL",
        state_code: "28P01",
        message: 'password authentication failed for user "emustermann"',
        remote_host: "10.20.0.17",
        remote_port: "50130",
        backend_type: "client backend",
        action: "database-login",
      },
    ],
    [9, { action: "access-denied", outcome: "failure", host: "db01", object: "gehalt" }],
    [10, { action: "sql-statement", audit_type: "DDL", audit_class: "SESSION" }],
    [11, { action: "disconnection", duration: "0:00:07.123" }],
  ])("say in sample %i %j", (index, fields) => {
    const line = POSTGRES[index] ?? "";
    expect(sniffLine(postgresql, line)).toBe(0.95);
    expect(parseLine(postgresql, line).record).toMatchObject(fields);
  });

  it.each([
    ["2026-11-21 05:38:16.123 CET [1] LOG:  x", "2026-11-21T04:38:16.123Z"],
    ["2026-07-21 05:38:16 CEST [1] LOG:  x", "2026-07-21T03:38:16.000Z"],
    ["2026-11-21 05:38:16.123 UTC [1] LOG:  x", "2026-11-21T05:38:16.123Z"],
    ["2026-11-21 05:38:16.123 +02 [1] LOG:  x", "2026-11-21T03:38:16.123Z"],
    ["2026-11-21 05:38:16.123 XYZ [1] LOG:  x", "2026-11-21T04:38:16.123Z"],
    ["2026-11-21 05:38:16.123 [1] LOG:  x", "2026-11-21T04:38:16.123Z"],
    ["Nov 21 05:38:17 db01 postgres[1]: [5-1] LOG:  x", "2026-11-21T04:38:17.000Z"],
  ])("take their time from %s", (line, expected) => {
    expect(iso(parseLine(postgresql, line).time)).toBe(expected);
  });

  it("find refused sign-ins in German too", () => {
    const line =
      "2026-11-21 05:38:16.130 CET [1] a@b FATAL:  Passwort-Authentifizierung für Benutzer »a« fehlgeschlagen";
    expect(parseLine(postgresql, line).record).toMatchObject({
      action: "database-login",
      outcome: "failure",
      method: "Passwort",
    });
  });

  it("read as JSON with the same names", () => {
    const [denied = "", checkpoint = "", statement = ""] = POSTGRES_JSON;
    expect(parseLine(postgresqlJson, denied).record).toMatchObject({
      action: "database-login",
      outcome: "failure",
      remote_host: "10.20.0.17",
    });
    expect(parseLine(postgresqlJson, checkpoint).record).not.toHaveProperty("action");
    const { record } = parseLine(postgresqlJson, statement);
    expect(record).toMatchObject({ statement: "drop table bescheid" });
    expect(routeOf(postgresqlJson.shape, record)).toBe(STATEMENT_ROUTE);
    expect(iso(parseLine(postgresqlJson, denied).time)).toBe("2026-11-21T04:38:16.123Z");
    expect(sniffLine(postgresqlJson, denied)).toBe(0.95);
  });

  it("read under ECS names", () => {
    const { record } = parseLine(postgresql, POSTGRES[6] ?? "");
    expect(postgresql.ecs(record)).toMatchObject({
      "event.category": ["database", "authentication"],
      "event.action": "database-login",
      "event.outcome": "failure",
      "source.ip": "198.51.100.9",
      "user.name": "postgres",
      "process.pid": 2240,
      "log.level": "FATAL",
    });
    expect(routeOf(postgresql.shape, record)).toBe("sql / application / ");
  });

  it.each([
    "",
    "plain",
    "2026-11-21 05:38:16.123 ERROR: x",
    "2026-11-21 05:38:16,123 INFO  [main] x",
    "2026-11-21 05:38:16.123 CET [1] x",
    "2026-11-21 05:38:16.123 CET,a,b",
    "Nov 21 05:38:16 db01 other[1]: LOG:  x",
  ])("refuse %j", (line) => {
    expect(sniffLine(postgresql, line)).toBe(0);
    expect(() => parseLine(postgresql, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it.each(["{}", '{"error_severity":"LOG"}', "plain"])("refuse as JSON %j", (line) => {
    expect(sniffLine(postgresqlJson, line)).toBe(0);
    expect(() => parseLine(postgresqlJson, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => {
    survivesAnything(postgresql, POSTGRES);
    survivesAnything(postgresqlJson, POSTGRES_JSON);
  });
});

describe("lines of MySQL and MariaDB", () => {
  it.each([
    [
      0,
      "2026-11-21T04:38:16.123Z",
      {
        action: "database-login",
        outcome: "failure",
        user: "emustermann",
        source_host: "10.20.0.17",
        error_code: "MY-010926",
        level: "note",
      },
    ],
    [1, "2026-11-21T04:38:17.000Z", { level: "system", subsystem: "Server" }],
    [
      2,
      "2026-11-21T04:38:18.000Z",
      { user: "root", source_host: "198.51.100.9", connection_id: "14" },
    ],
    [3, "2026-11-21T04:38:19.000Z", { action: "connection-aborted", database: "fach" }],
    [4, "2026-11-21T04:38:20.000Z", { action: "database-login", host: "db02" }],
    [
      5,
      "2026-11-21T04:38:21.000Z",
      { action: "database-login", user: "emustermann", database: "fach" },
    ],
    [6, "2026-11-21T04:38:22.000Z", { statement: "select * from gehalt into outfile '/tmp/x'" }],
    [7, "2026-11-21T04:38:23.000Z", { action: "quit", connection_id: "12" }],
    [
      8,
      "2026-11-21T04:38:24.000Z",
      { statement: "drop table bescheid where name='x'", outcome: "success", host: "db02" },
    ],
    [
      9,
      "2026-11-21T04:38:25.000Z",
      {
        action: "database-login",
        outcome: "failure",
        source_host: "10.20.0.17",
        source_port: "50122",
      },
    ],
    [10, "2026-11-21T04:38:26.000Z", { action: "table-read", database: "fach", object: "gehalt" }],
    [11, "2026-11-21T04:38:27.000Z", { action: "database-login", outcome: "success" }],
  ])("say in sample %i at %s %j", (index, time, fields) => {
    const line = MYSQL[index] ?? "";
    expect(sniffLine(mysql, line)).toBe(0.95);
    const parsed = parseLine(mysql, line);
    expect(parsed.record).toMatchObject(fields);
    expect(iso(parsed.time)).toBe(time);
  });

  it.each([
    [0, "user.name", "emustermann"],
    [1, "source.ip", "198.51.100.9"],
    [2, "statement", "DROP TABLE bescheid"],
    [2, "action", "sql-statement"],
    [3, "database.name", "fach"],
    [4, "action", "disconnect"],
  ])("hold in the JSON sample %i the field %s", (index, name, expected) => {
    const line = MYSQL_AUDIT[index] ?? "";
    expect(sniffLine(mysqlAudit, line)).toBe(0.95);
    expect(fieldOf(mysqlAudit.shape, parseLine(mysqlAudit, line).record, name)).toBe(expected);
  });

  it("read under ECS names and reach the rules for queries", () => {
    const { record } = parseLine(mysql, MYSQL[6] ?? "");
    expect(routeOf(mysql.shape, record)).toBe(STATEMENT_ROUTE);
    expect(mysql.ecs(parseLine(mysql, MYSQL[9] ?? "").record)).toMatchObject({
      "event.category": ["database", "authentication"],
      "event.outcome": "failure",
      "source.ip": "10.20.0.17",
      "source.port": 50122,
      "user.name": "emustermann",
      "error.code": "1045",
    });
    const denied = parseLine(mysqlAudit, MYSQL_AUDIT[1] ?? "");
    expect(iso(denied.time)).toBe("2026-11-21T04:38:17.000Z");
    expect(mysqlAudit.ecs(denied.record)).toMatchObject({
      "event.outcome": "failure",
      "source.ip": "198.51.100.9",
      "mysql.connection_data.status": 1045,
    });
    const statement = parseLine(mysqlAudit, MYSQL_AUDIT[2] ?? "").record;
    expect(routeOf(mysqlAudit.shape, statement)).toBe(STATEMENT_ROUTE);
  });

  it.each([
    "",
    "plain",
    "2026-11-21T04:38:16.123456Z 12 message",
    "2026-11-21T04:38:16.123456Z\t12 Something\tx",
    "20261121 05:38:24,db02,x",
    "a,b,c,1,2,QUERY,d,e,0",
  ])("refuse %j", (line) => {
    expect(sniffLine(mysql, line)).toBe(0);
    expect(() => parseLine(mysql, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it.each(["{}", '{"class":"x","timestamp":"y"}', "plain"])("refuse as JSON %j", (line) => {
    expect(sniffLine(mysqlAudit, line)).toBe(0);
    expect(() => parseLine(mysqlAudit, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it("survive any line", () => {
    survivesAnything(mysql, MYSQL);
    survivesAnything(mysqlAudit, MYSQL_AUDIT);
  });
});
