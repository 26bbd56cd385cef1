// `heidewacht paging check|duty|ical`: works on the configuration, and on the overrides in the store.
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { AppError } from "../../config/errors.ts";
import { type LoadedConfig, loadConfig } from "../../config/load.ts";
import { checkPaging } from "../paging/check.ts";
import { nextHandover } from "../paging/duty/handover.ts";
import { calendarReach, icalOf } from "../paging/duty/ical.ts";
import { onDuty } from "../paging/duty/on-duty.ts";
import { refusePagingFaults } from "../paging-check.ts";
import { EXIT } from "./exit-codes.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { PAGING_CLI_MESSAGES, type PagingCliMessages } from "./paging-messages.ts";
import { type ChosenSchedule, chooseSchedules, notFound, overridesOf } from "./paging-schedules.ts";
import { tableLines, terminalWidth } from "./text-table.ts";

const DAY_MS = 86_400_000;
const CALENDAR_DAYS = 180;
const CALENDAR_DAYS_MAX = 730;
/** What is over is kept for a while, so that a look back shows who had duty. */
const CALENDAR_DAYS_BACK = 31;
/** As far as duty is looked for to either side. */
const DUTY_REACH_MS = 400 * DAY_MS;

interface Common {
  readonly config?: string;
  readonly tenant?: string;
  readonly schedule?: string;
  readonly json?: boolean;
}

type DutyOptions = Common & { readonly at?: string };

interface IcalOptions extends Common {
  readonly schedule: string;
  readonly person?: string;
  readonly days?: string;
  readonly out?: string;
}

/** Adds the commands. */
export function addPagingCommand(program: Command, language: CliLanguage): void {
  const text = PAGING_CLI_MESSAGES[language];
  const command = program.command("paging").description(text.paging);
  const add = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .option("-c, --config <file>", CLI_MESSAGES[language].configOption);
  add("check", text.check)
    .option("--json", text.jsonOption)
    .action((options: Common) => check(options, language));
  add("duty", text.duty)
    .option("--tenant <id>", text.tenantOption)
    .option("--schedule <name>", text.scheduleOption)
    .option("--at <time>", text.atOption)
    .option("--json", text.jsonOption)
    .action((options: DutyOptions) => duty(options, text));
  add("ical", text.ical)
    .requiredOption("--schedule <name>", text.scheduleNeeded)
    .option("--tenant <id>", text.tenantNeeded)
    .option("--person <name>", text.personOption)
    .option("--days <number>", text.daysOption)
    .option("--out <file>", text.outOption)
    .action((options: IcalOptions) => ical(options, language));
}

function check({ config: file, json }: Common, language: CliLanguage): void {
  const text = PAGING_CLI_MESSAGES[language];
  const { config, placeOf } = loadConfig(file, process.env);
  const faults = checkPaging(config, Date.now()).map(({ says, mend, ...fault }) => ({
    ...fault,
    place: placeOf?.(fault.path) ?? fault.path,
    ...{ says: says[language], mend: mend[language] },
  }));
  const count = (severity: string) => faults.filter((one) => one.severity === severity).length;
  const isUnset = Object.keys(config.paging.tenants).length === 0 && faults.length === 0;
  const told = faults.flatMap(({ severity, place, path, says, mend }) => [
    `${text.severities[severity]}: ${says}`,
    `  ${path} (${place})`,
    `  ${text.mend}: ${mend}`,
    "",
  ]);
  const result = faults.length === 0 ? text.good : text.result(count("error"), count("warning"));
  print(json === true ? [JSON.stringify(faults)] : [...told, isUnset ? text.noPaging : result]);
  if (count("error") > 0) process.exitCode = EXIT.found;
}

async function duty(options: DutyOptions, text: PagingCliMessages): Promise<void> {
  const loaded = loadGood(options);
  const chosen = chooseSchedules(loaded, options, text);
  const found = [];
  for (const one of chosen) found.push(await dutyOf(one, loaded, options.at, text));
  if (options.json === true) return print([JSON.stringify(found)]);
  if (found.length === 0) return print([text.noSchedule]);
  const { tenant, schedule, person, since, until, next } = text.columns;
  print(
    tableLines(
      [tenant, schedule, person, since, until, next].map((title) => ({ title })),
      found.map((one) => [
        ...[one.tenant, one.schedule, one.name ?? text.nobody],
        ...[one.since ?? "", one.until ?? text.open],
        one.until === undefined ? "" : (one.nextName ?? text.nobody),
      ]),
      terminalWidth(process.stdout),
    ),
  );
}

async function dutyOf(
  chosen: ChosenSchedule,
  loaded: LoadedConfig,
  given: string | undefined,
  text: PagingCliMessages,
) {
  const { tenant, name, schedule, paging, timeZone } = chosen;
  const at = given === undefined ? Date.now() : instantOf(given, timeZone, text);
  const reach = { from: at - DUTY_REACH_MS, until: at + DUTY_REACH_MS };
  const overrides = (await overridesOf(loaded, chosen, reach)).get(name) ?? [];
  const shift = onDuty(schedule, overrides, at, timeZone);
  const next = nextHandover(schedule, overrides, at, timeZone);
  const nameOf = (person: string | undefined) =>
    person === undefined ? undefined : (paging.people[person]?.name ?? person);
  return {
    ...{ tenant, schedule: name, person: shift?.person, name: nameOf(shift?.person) },
    since: shift === undefined ? undefined : localTime(shift.from, timeZone),
    until: next === undefined ? undefined : localTime(next.at, timeZone),
    ...{ next: next?.to, nextName: nameOf(next?.to) },
  };
}

async function ical(options: IcalOptions, language: CliLanguage): Promise<void> {
  const text = PAGING_CLI_MESSAGES[language];
  const loaded = loadGood(options);
  const [chosen, ...others] = chooseSchedules(loaded, options, text);
  if (chosen === undefined || others.length > 0) {
    const tenants = [chosen, ...others].flatMap((one) => (one === undefined ? [] : [one.tenant]));
    throw new AppError("HW_USAGE", text.ambiguous(tenants.join(", ")), {
      mend: text.ambiguousMend,
    });
  }
  const { tenant, name, schedule, timeZone, paging } = chosen;
  const { person, out } = options;
  if (person !== undefined && !Object.hasOwn(paging.people, person))
    throw notFound(text.personUnknown(person), "--person", Object.keys(paging.people), text);
  const days = daysOf(options.days, text);
  const now = Date.now();
  const span = { from: now - CALENDAR_DAYS_BACK * DAY_MS, until: now + days * DAY_MS };
  const overrides = (await overridesOf(loaded, chosen, calendarReach(span))).get(name) ?? [];
  const calendar = icalOf({
    ...{ tenant, name, schedule, overrides, span, timeZone, person, language },
    people: paging.people,
  });
  if (out === undefined) {
    process.stdout.write(calendar);
    return;
  }
  writeFileSync(out, calendar);
  print([text.written(out, calendar.split("BEGIN:VEVENT").length - 1)]);
}

/** Who is on duty by a schedule that a start refuses would be a guess. */
function loadGood({ config }: Common): LoadedConfig {
  const loaded = loadConfig(config, process.env);
  refusePagingFaults(loaded, Date.now());
  return loaded;
}

function daysOf(given: string | undefined, text: PagingCliMessages): number {
  const days = given === undefined ? CALENDAR_DAYS : Number(given);
  if (Number.isInteger(days) && days >= 1 && days <= CALENDAR_DAYS_MAX) return days;
  throw new AppError("HW_USAGE", text.daysUnfit(CALENDAR_DAYS_MAX), { place: "--days" });
}

/** With an offset as it says, without one on the clock of the schedule. */
function instantOf(given: string, timeZone: string, text: PagingCliMessages): number {
  try {
    return /(?:Z|[+-]\d\d:?\d\d)$/.test(given)
      ? Temporal.Instant.from(given).epochMilliseconds
      : Temporal.PlainDateTime.from(given).toZonedDateTime(timeZone).epochMilliseconds;
  } catch (cause) {
    const place = `--at ${given}`;
    throw new AppError("HW_USAGE", text.timeUnfit, { place, mend: text.timeMend, cause });
  }
}

/** `2026-12-24 18:00` */
function localTime(at: number, timeZone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return local.toPlainDateTime().toString({ smallestUnit: "minute" }).replace("T", " ");
}

function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}
