// `heidewacht incident …`: declares and handles incidents through the running API, which checks, audits and
// answers with what is allowed next.
import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import { LEGAL_CLOCKS } from "../../config/legal-clocks.ts";
import { loadConfig } from "../../config/load.ts";
import { LEVELS } from "../../detectors/detector.ts";
import { draftAnswer, incidentAnswer, incidentPage, openWork } from "../api/incident-schemas.ts";
import {
  COMPROMISE_METHODS,
  IMPACTS,
  INCIDENT_CATEGORIES,
  INCIDENT_STATUS,
  INCIDENT_VERDICTS,
  TIME_METHODS,
} from "../store/incident.ts";
import { type ApiClientOptions, type AskApi, createApiClient } from "./api-client.ts";
import { API_CLIENT_MESSAGES } from "./api-client-messages.ts";
import {
  type Asker,
  askImpact,
  askStatement,
  createAsker,
  listed,
  needed,
  type StatementOptions,
} from "./incident-ask.ts";
import { INCIDENT_MESSAGES, type IncidentMessages } from "./incident-messages.ts";
import { incidentPageText, incidentTable, oneLine, workLines } from "./incident-text.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { terminalWidth } from "./text-table.ts";

interface CommonOptions extends ApiClientOptions {
  readonly json?: boolean;
  /** The version that the caller has seen; without it the present one. */
  readonly seen?: number;
}

/** What every action of a command works with. */
interface Session {
  readonly ask: AskApi;
  readonly asker: Asker;
  readonly text: IncidentMessages;
  readonly timeOf: (given: string) => number;
  readonly time: (ms: number) => string;
  readonly options: CommonOptions;
}

/** Adds the commands. */
export function addIncidentCommand(program: Command, language: CliLanguage): void {
  const text = INCIDENT_MESSAGES[language];
  const command = program.command("incident").description(text.incident);
  /** A command with the options that all have; its action gets a session. */
  const make = <Options>(
    name: string,
    description: string,
    run: (session: Session, options: Options & CommonOptions, args: string[]) => Promise<void>,
  ) =>
    command
      .command(name)
      .description(description)
      .option("-c, --config <file>", CLI_MESSAGES[language].configOption)
      .option("--api <url>", API_CLIENT_MESSAGES[language].apiOption)
      .option("--token-file <file>", API_CLIENT_MESSAGES[language].tokenOption)
      .option("--json", text.json, false)
      .action(async (...given: unknown[]) => {
        // Commander gives the arguments, then the options, then the command.
        const options = given.at(-2) as Options & CommonOptions;
        const args = given.slice(0, -2) as string[];
        const session = openSession(options, language);
        try {
          await run(session, options, args);
        } finally {
          session.asker.close();
        }
      });
  const add: Add = Object.assign(make, { text });
  addReading(add, text);
  addStatements(add, text);
  addEnds(add, text);
  addParts(add, text);
}

interface Add {
  readonly text: IncidentMessages;
  <Options>(
    name: string,
    description: string,
    run: (session: Session, options: Options & CommonOptions, args: string[]) => Promise<void>,
  ): Command;
}

function addReading(add: Add, text: IncidentMessages): void {
  add<{ status?: string; text?: string }>("list", text.list, async (session, options) => {
    const query = new URLSearchParams();
    if (options.status !== undefined) query.set("status", options.status);
    if (options.text !== undefined) query.set("text", options.text);
    const page = await session.ask("GET", `/incidents?${query}`, incidentPage);
    const width = terminalWidth(process.stdout);
    print(session, page, () => incidentTable(page.incidents, text, session.time, width));
  })
    .addOption(new Option("--status <status>", text.status).choices(INCIDENT_STATUS))
    .option("--text <words>", text.text);

  add("show <id>", text.show, async (session, _options, [id]) => {
    show(session, await session.ask("GET", path(id), incidentAnswer));
  });

  add("work", text.work, async (session) => {
    const page = await session.ask("GET", "/incidents/work", openWork);
    print(session, page, () =>
      page.incidents
        .filter(({ work }) => work.length > 0)
        .flatMap(({ id, title, work }) => [
          `${id}  ${oneLine(title)}`,
          ...workLines(work, text),
          "",
        ])
        .join("\n"),
    );
  });

  add<{ clock: string }>("draft <id>", text.draft, async (session, { clock }, [id]) => {
    const found = await session.ask(
      "GET",
      `${path(id)}/notifications/draft?clock=${clock}`,
      draftAnswer,
    );
    print(session, found, () => found.text);
  }).addOption(
    new Option("--clock <name>", text.clock).choices(LEGAL_CLOCKS).makeOptionMandatory(),
  );
}

function addStatements(add: Add, text: IncidentMessages): void {
  type Declared = StatementOptions & {
    title?: string;
    finding?: string[];
    severity?: string;
    category?: string;
  };
  const declare = add<Declared>("declare", text.declare, async (session, options) => {
    const { asker } = session;
    const title = needed("--title", options.title ?? (await asker.ask(text.askTitle)), text);
    const findingIds = options.finding ?? listed(await asker.ask(text.askFindings));
    const firstCompromise = await statement(session, options, "askCompromise");
    const impact = await askImpact(options, text, asker);
    const { severity, category } = options;
    const body = { title, findingIds, firstCompromise, impact, severity, category };
    show(session, await session.ask("POST", "/incidents", incidentAnswer, body));
  })
    .option("--title <text>", text.title)
    .option("--finding <id...>", text.finding)
    .addOption(new Option("--severity <level>", text.severity).choices(LEVELS))
    .addOption(new Option("--category <name>", text.category).choices(INCIDENT_CATEGORIES));
  withImpact(withTime(declare, text, COMPROMISE_METHODS), text);

  const contain = change<StatementOptions & { downtime?: number }>(
    add,
    "contain",
    text.contain,
    async (session, options) => ({
      ...(await statement(session, options, "askMethod")),
      impact: await askImpact(options, text, session.asker),
      downtimeS: options.downtime,
    }),
  ).option("--downtime <seconds>", text.downtime, wholeNumber);
  withImpact(withTime(contain, text, TIME_METHODS), text);

  const recover = change<StatementOptions>(
    add,
    "recover",
    text.recover,
    async (session, options) => ({
      ...(await statement(session, options, "askMethod")),
      impact: await askImpact(options, text, session.asker),
    }),
  );
  withImpact(withTime(recover, text, TIME_METHODS), text);

  const compromise = change<StatementOptions>(
    add,
    "compromise",
    text.compromise,
    (session, options) => statement(session, options, "askCompromise"),
  );
  withTime(compromise, text, COMPROMISE_METHODS);

  const impact = change<StatementOptions & { firstImpact?: string }>(
    add,
    "impact",
    text.impact,
    async (session, options) => ({
      impact: await askImpact(options, text, session.asker),
      firstImpactAt:
        options.firstImpact === undefined ? undefined : session.timeOf(options.firstImpact),
    }),
  ).option("--first-impact <time>", text.firstImpact);
  withImpact(impact, text);
}

function addEnds(add: Add, text: IncidentMessages): void {
  change<{ verdict: string; reason?: string }>(
    add,
    "close",
    text.close,
    async (_session, { verdict, reason }) => ({ verdict, reason }),
  )
    .addOption(
      new Option("--verdict <verdict>", text.verdict)
        .choices(INCIDENT_VERDICTS)
        .makeOptionMandatory(),
    )
    .option("--reason <text>", text.reason);

  change<{ reason: string }>(add, "reopen", text.reopen, async (_session, { reason }) => ({
    reason,
  })).requiredOption("--reason <text>", text.reason);

  change<{ clock: string; authority: string; at: string; reason?: string }>(
    add,
    "notify",
    text.notify,
    async ({ timeOf }, { clock, authority, at, reason }) => ({
      ...{ clock, authority, outcome: "sent", sentAt: timeOf(at), comment: reason },
    }),
    "notifications/record",
  )
    .addOption(new Option("--clock <name>", text.clock).choices(LEGAL_CLOCKS).makeOptionMandatory())
    .requiredOption("--authority <text>", text.authority)
    .requiredOption("--at <time>", text.at)
    .option("--reason <text>", text.reason);
}

function addParts(add: Add, text: IncidentMessages): void {
  for (const name of ["link", "unlink"] as const) {
    change<{ finding: string[] }>(
      add,
      name,
      text[name],
      async (_session, { finding }) => ({ findingIds: finding }),
      `findings/${name}`,
    ).requiredOption("--finding <id...>", text.finding);
  }
  for (const name of ["merge", "unmerge"] as const) {
    change<{ source: string }>(add, name, text[name], async (_session, { source }) => ({
      source,
    })).requiredOption("--source <id>", text.source);
  }
  change<{ title: string; due?: string; optional?: boolean }>(
    add,
    "action",
    text.action,
    async ({ timeOf }, { title, due, optional }) => ({
      ...{ title, required: optional !== true },
      dueAt: due === undefined ? undefined : timeOf(due),
    }),
    "actions/add",
  )
    .requiredOption("--title <text>", text.title)
    .option("--due <time>", text.due)
    .option("--optional", text.optional);
  change<{ action: string; at?: string }>(
    add,
    "action-done",
    text.actionDone,
    async ({ timeOf }, { action, at }) => ({
      action,
      completedAt: at === undefined ? undefined : timeOf(at),
    }),
    "actions/complete",
  )
    .requiredOption("--action <id>", text.actionDone)
    .option("--at <time>", text.at);
  add<{ text: string }>("comment <id>", text.comment, async (session, options, [id]) => {
    const body = { text: options.text };
    await session.ask("POST", `${path(id)}/comments`, z.object({ id: z.string() }), body);
  }).requiredOption("--text <text>", text.comment);
}

/** A command that takes a step of an incident, from the version seen or the present one. */
function change<Options>(
  add: Add,
  name: string,
  description: string,
  body: (session: Session, options: Options & CommonOptions) => Promise<object>,
  step = name,
): Command {
  return add<Options>(`${name} <id>`, description, async (session, options, [id]) => {
    const { version } = await session.ask("GET", path(id), incidentAnswer);
    if (options.seen !== undefined && options.seen !== version) {
      throw new AppError("HW_CONFLICT", session.text.seenOther(version));
    }
    const given = { ...(await body(session, options)), version };
    show(session, await session.ask("POST", `${path(id)}/${step}`, incidentAnswer, given));
  }).option("--seen <version>", add.text.seen, wholeNumber);
}

function withTime(command: Command, text: IncidentMessages, methods: readonly string[]): Command {
  const timed = command
    .option("--at <time>", text.at)
    .addOption(new Option("--method <method>", text.method).choices(methods))
    .option("--evidence <id...>", text.evidence)
    .option("--reason <text>", text.reason);
  if (!methods.includes("pre_compromise")) return timed;
  return timed.option("--earliest <time>", text.earliest).option("--latest <time>", text.latest);
}

function withImpact(command: Command, text: IncidentMessages): Command {
  return (["confidentiality", "integrity", "availability"] as const).reduce(
    (all, name) => all.addOption(new Option(`--${name} <impact>`, text[name]).choices(IMPACTS)),
    command,
  );
}

function statement(
  { text, asker, timeOf }: Session,
  options: StatementOptions,
  question: "askMethod" | "askCompromise",
) {
  return askStatement(options, question, text, asker, timeOf);
}

function openSession(options: CommonOptions, language: CliLanguage): Session {
  const text = INCIDENT_MESSAGES[language];
  const { config } = loadConfig(options.config, process.env);
  const timeZone = config.tenants[0]?.timeZone ?? "Europe/Berlin";
  const format = new Intl.DateTimeFormat(language === "de" ? "de-DE" : "en-GB", {
    ...{ timeZone, dateStyle: "short", timeStyle: "short" },
  });
  return {
    ...{ text, options },
    ask: createApiClient(options, language),
    asker: createAsker(text, { input: process.stdin, output: process.stderr }),
    time: (ms) => format.format(ms),
    timeOf: (given) => momentOf(given, timeZone, text),
  };
}

/** ms UTC. @throws AppError HW_USAGE */
function momentOf(given: string, timeZone: string, text: IncidentMessages): number {
  try {
    return /Z$|[+-]\d\d:?\d\d$/.test(given)
      ? Temporal.Instant.from(given).epochMilliseconds
      : Temporal.PlainDateTime.from(given).toZonedDateTime(timeZone).epochMilliseconds;
  } catch (cause) {
    throw new AppError("HW_USAGE", text.timeUnfit(given), { mend: text.at, cause });
  }
}

function wholeNumber(given: string): number {
  if (/^\d{1,12}$/.test(given)) return Number(given);
  throw new InvalidArgumentError(given);
}

function path(id: string | undefined): string {
  return `/incidents/${encodeURIComponent(id ?? "")}`;
}

function show(session: Session, answer: z.infer<typeof incidentAnswer>): void {
  print(session, answer, () => incidentPageText(answer, session.text, session.time));
}

function print({ options }: Session, answer: unknown, text: () => string): void {
  process.stdout.write(
    options.json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : text(),
  );
}
