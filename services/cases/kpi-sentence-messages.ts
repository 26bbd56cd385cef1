// Words of the three sentences about a period, German and English. Parts begin in lower case and are joined
// by semicolons; the first letter is raised when they are.
import type { KpiFigures, KpiPeriod } from "../store/kpi.ts";
import type { KpiName, TargetCheck } from "../store/kpi-target.ts";
import { durationWords, periodWords, ratioWords, shareWords } from "../store/kpi-words.ts";
import { CASE_MESSAGES } from "./case-messages.ts";
import type { AlarmCount, CaseValue, Driver } from "./kpi-drivers.ts";

type Trend = "rising" | "falling" | "steady";
type Duration = "corrective" | "identification" | "recovery";
type Containment = KpiFigures["containment"];

interface Change {
  readonly name: Duration;
  readonly trend: Trend;
  readonly meanS: number;
  readonly wasS: number;
  readonly n: number;
  readonly nWas: number;
}

const NUMBERS: Readonly<Record<KpiName, string>> = {
  ...{ corrective: "K1", identification: "K2", recovery: "K3", falseAlarms: "K4" },
  containment: "K5",
};

function amount({ unit }: TargetCheck, value: number | null, language: "de" | "en"): string {
  if (value === null) return "–";
  if (unit === "seconds") return durationWords(value, language);
  return unit === "share" ? shareWords(value, language) : ratioWords(value, language);
}

/** `K1, K2 und K3` */
function listed(items: readonly string[], and: string): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} ${and} ${last}`;
}

const join = (parts: readonly string[]): string => {
  const text = parts.join("; ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
};
const numbers = (names: readonly KpiName[], and: string) =>
  listed(
    names.map((name) => NUMBERS[name]),
    and,
  );

const germanNames: Readonly<Record<Duration, string>> = {
  corrective: "die Dauer der Korrekturmaßnahmen (K1)",
  identification: "die Zeit bis zur Identifizierung (K2)",
  recovery: "die Zeit von der Erkennung bis zur Behebung (K3)",
};
const germanDuration = (seconds: number) => durationWords(seconds, "de");
const germanMove = ({ trend, meanS, wasS }: Change) => {
  if (trend === "steady") return `bei ${germanDuration(meanS)}`;
  return `von ${germanDuration(wasS)} auf ${germanDuration(meanS)}`;
};
const germanVerb: Readonly<Record<Trend, string>> = {
  ...{ rising: "stieg", falling: "sank", steady: "blieb" },
};
const germanCase = ({ id, severity, category, seconds }: CaseValue) => {
  const { levels, categories } = CASE_MESSAGES.de;
  return `${id}, ${categories[category]}, Schwere ${levels[severity]}, ${germanDuration(seconds)}`;
};

const de = {
  join,
  when: (period: KpiPeriod, isRunning: boolean) => {
    const words = periodWords(period, "de");
    const isMonthOrQuarter = /^\d{4}-(Q\d|\d{2})$/.test(period.name);
    const within = isMonthOrQuarter ? "im" : /^\d{4}$/.test(period.name) ? "im Jahr" : "am";
    const text = period.name.includes("..") ? `vom ${words}` : `${within} ${words}`;
    return isRunning ? `bisher ${text}` : text;
  },
  against: (before: KpiPeriod) =>
    before.name.includes("..")
      ? "gegenüber dem gleich langen Zeitraum davor"
      : `gegenüber ${/Q|-\d\d-/.test(before.name) ? "dem " : ""}${periodWords(before, "de")}`,
  counts: (counts: readonly number[]) => counts.map((n, at) => `K${at + 1} ${n}`).join(", "),
  nothing: (when: string, before: string | undefined) =>
    join([
      `${when} wurde kein Vorfall identifiziert, behoben oder in seinen Maßnahmen abgeschlossen, der eine Zeit hat`,
      ...(before === undefined ? [] : [`im Zeitraum davor waren es ${before}`]),
    ]),
  few: (name: Duration, n: number, was: number) => `${NUMBERS[name]} (n = ${n}, davor ${was})`,
  onlyFew: (when: string, few: readonly string[]) =>
    join([`${when} gibt es für eine Tendenz der Zeiten zu wenige Werte: ${listed(few, "und")}`]),
  alsoFew: (few: readonly string[]) =>
    `für eine Tendenz von ${listed(few, "und")} gibt es zu wenige Werte`,
  change: (when: string, against: string, change: Change) =>
    `${when} ${germanVerb[change.trend]} ${germanNames[change.name]} ${against} ` +
    `${germanMove(change)} (n = ${change.n}, davor ${change.nWas})`,
  also: (change: Change) =>
    `${germanNames[change.name]} ${germanVerb[change.trend]} ${germanMove(change)}`,
  driver: (driver: Driver | undefined, trend: Trend) => {
    if (driver === undefined)
      return ", ohne dass ein Vorfall, eine Schwere oder eine Art das überwiegend erklärt";
    if (driver.kind === "class") {
      const { levels, categories } = CASE_MESSAGES.de;
      const of =
        driver.class.of === "severity"
          ? `der Schwere „${levels[driver.class.value]}“`
          : `der Art „${categories[driver.class.value]}“`;
      const sign = driver.contributionS < 0 ? "−" : "+";
      return `, wozu Vorfälle ${of} ${sign}${germanDuration(driver.contributionS)} beitragen (n = ${driver.n}, davor ${driver.nBefore})`;
    }
    const without = germanDuration(driver.meanWithoutS);
    if (driver.when === "now")
      return `, was ein einziger Vorfall erklärt (${germanCase(driver.of)}): ohne ihn wären es ${without}`;
    const moved = trend === "falling" ? "gehoben" : "gesenkt";
    return `, weil davor ein einziger Vorfall das Mittel ${moved} hatte (${germanCase(driver.of)}): ohne ihn wären es dort ${without} gewesen`;
  },
  noAlarms: "es gab weder Fehlalarme noch Vorfälle",
  alarmsAlone: (alarms: number) =>
    `es gab ${alarms} ${alarms === 1 ? "Fehlalarm" : "Fehlalarme"} und keinen Vorfall`,
  alarmsFew: (alarms: number, incidents: number, ratio: number) =>
    `${alarms} ${alarms === 1 ? "Fehlalarm kam" : "Fehlalarme kamen"} auf ${incidents} ${incidents === 1 ? "Vorfall" : "Vorfälle"} ` +
    `(K4: ${ratioWords(ratio, "de")}), für eine Tendenz sind es zu wenige Vorfälle`,
  alarmsChange: (now: number, was: number, change: number) =>
    change === 0
      ? `auf einen Vorfall kamen wie davor ${ratioWords(now, "de")} Fehlalarme (K4)`
      : `auf einen Vorfall kamen ${ratioWords(now, "de")} Fehlalarme (K4), davor ${ratioWords(was, "de")}`,
  alarmDriver: (of: "rule" | "source", { name, now, before }: AlarmCount) => {
    const which = of === "rule" ? "Regel" : "Quelle";
    const named = name === undefined ? `einer einzigen ${which}` : `der ${which} „${name}“`;
    return `, überwiegend wegen ${named} (${now} Fehlalarme, davor ${before})`;
  },
  byIncidents: (now: number, was: number) =>
    `, weil es ${now < was ? "weniger" : "mehr"} Vorfälle gab (${now}, davor ${was})`,
  spread: ", über mehrere Regeln und Quellen verteilt",
  containmentUnknown:
    "ob Vorfälle vor Schadenseintritt eingedämmt wurden (K5), ist für keinen behobenen bekannt",
  containment: (now: Containment, was: Containment, isFew: boolean) => {
    const before =
      was.share === null
        ? ", davor gab es keinen Wert"
        : `, davor ${was.contained} von ${was.n} (${shareWords(was.share, "de")})`;
    const few = isFew ? ", zu wenige für eine Tendenz" : "";
    return `vor Schadenseintritt eingedämmt ${now.contained === 1 ? "wurde" : "wurden"} ${now.contained} von ${now.n} (K5: ${shareWords(now.share ?? 0, "de")})${before}${few}`;
  },
  noTargets: "Ziele sind nicht festgelegt",
  targets: (met: number, set: number) =>
    met === set
      ? `${set === 1 ? "das eine Ziel ist" : `alle ${set} Ziele sind`} erreicht`
      : `${met} von ${set} ${set === 1 ? "Ziel" : "Zielen"} ${met === 1 ? "ist" : "sind"} erreicht`,
  missed: (name: KpiName, check: TargetCheck) =>
    `${NUMBERS[name]} (${amount(check, check.value, "de")} statt ${check.unit === "share" ? "mindestens" : "höchstens"} ${amount(check, check.target, "de")})`,
  missedList: (list: readonly string[]) =>
    `verfehlt ${list.length === 1 ? "ist" : "sind"} ${listed(list, "und")}`,
  atRiskList: (names: readonly KpiName[]) =>
    `durch offene Vorfälle gefährdet ${names.length === 1 ? "ist" : "sind"} ${numbers(names, "und")}`,
  noValueList: (names: readonly KpiName[]) => `für ${numbers(names, "und")} gibt es keinen Wert`,
  noneOpen: "kein Vorfall ist offen",
  open: (n: number, id: string, ageS: number) =>
    n === 1
      ? `offen ist 1 Vorfall (${id}) seit ${germanDuration(ageS).replace("Tage", "Tagen")}`
      : `offen sind ${n} Vorfälle, der älteste (${id}) seit ${germanDuration(ageS).replace("Tage", "Tagen")}`,
};
export type SentenceTexts = typeof de;

const englishNames: Readonly<Record<Duration, string>> = {
  corrective: "the duration of corrective measures (K1)",
  identification: "the time to identification (K2)",
  recovery: "the time from detection to recovery (K3)",
};
const englishDuration = (seconds: number) => durationWords(seconds, "en");
const englishMove = ({ trend, meanS, wasS }: Change) => {
  if (trend === "steady") return `stayed at ${englishDuration(meanS)}`;
  const verb = trend === "rising" ? "rose" : "fell";
  return `${verb} from ${englishDuration(wasS)} to ${englishDuration(meanS)}`;
};
const englishCase = ({ id, severity, category, seconds }: CaseValue) => {
  const { levels, categories } = CASE_MESSAGES.en;
  return `${id}, ${categories[category]}, severity ${levels[severity]}, ${englishDuration(seconds)}`;
};

const en: SentenceTexts = {
  join,
  when: (period, isRunning) => {
    const words = periodWords(period, "en");
    const within = /^\d{4}-\d{2}-\d{2}$/.test(period.name) ? "on" : "in";
    const text = period.name.includes("..") ? `from ${words}` : `${within} ${words}`;
    return isRunning ? `so far ${text}` : text;
  },
  against: (before) =>
    before.name.includes("..")
      ? "compared with the span of the same length before"
      : `compared with ${periodWords(before, "en")}`,
  counts: (counts) => counts.map((n, at) => `K${at + 1} ${n}`).join(", "),
  nothing: (when, before) =>
    join([
      `${when} no incident with a time was identified, recovered or completed in its measures`,
      ...(before === undefined ? [] : [`in the period before there were ${before}`]),
    ]),
  few: (name, n, was) => `${NUMBERS[name]} (n = ${n}, before ${was})`,
  onlyFew: (when, few) =>
    join([`${when} there are too few values for a trend of the times: ${listed(few, "and")}`]),
  alsoFew: (few) => `there are too few values for a trend of ${listed(few, "and")}`,
  change: (when, against, change) =>
    `${when} ${englishNames[change.name]} ${englishMove(change)} ${against} (n = ${change.n}, before ${change.nWas})`,
  also: (change) => `${englishNames[change.name]} ${englishMove(change)}`,
  driver: (driver, trend) => {
    if (driver === undefined)
      return ", with no incident, severity or category that explains most of it";
    if (driver.kind === "class") {
      const { levels, categories } = CASE_MESSAGES.en;
      const of =
        driver.class.of === "severity"
          ? `of severity “${levels[driver.class.value]}”`
          : `of category “${categories[driver.class.value]}”`;
      const sign = driver.contributionS < 0 ? "−" : "+";
      return `, to which incidents ${of} contribute ${sign}${englishDuration(driver.contributionS)} (n = ${driver.n}, before ${driver.nBefore})`;
    }
    const without = englishDuration(driver.meanWithoutS);
    if (driver.when === "now")
      return `, which a single incident explains (${englishCase(driver.of)}): without it the mean is ${without}`;
    const moved = trend === "falling" ? "raised" : "lowered";
    return `, because a single incident had ${moved} the former mean (${englishCase(driver.of)}): without it that was ${without}`;
  },
  noAlarms: "there were neither false alarms nor incidents",
  alarmsAlone: (alarms) =>
    `there ${alarms === 1 ? "was 1 false alarm" : `were ${alarms} false alarms`} and no incident`,
  alarmsFew: (alarms, incidents, ratio) =>
    `${alarms} ${alarms === 1 ? "false alarm" : "false alarms"} came with ${incidents} ${incidents === 1 ? "incident" : "incidents"} ` +
    `(K4: ${ratioWords(ratio, "en")}), too few incidents for a trend`,
  alarmsChange: (now, was, change) =>
    change === 0
      ? `as before there were ${ratioWords(now, "en")} false alarms per incident (K4)`
      : `there were ${ratioWords(now, "en")} false alarms per incident (K4), before ${ratioWords(was, "en")}`,
  alarmDriver: (of, { name, now, before }) =>
    `, mostly because of ${name === undefined ? `a single ${of}` : `the ${of} “${name}”`} (${now} false alarms, before ${before})`,
  byIncidents: (now, was) =>
    `, because there were ${now < was ? "fewer" : "more"} incidents (${now}, before ${was})`,
  spread: ", spread over several rules and sources",
  containmentUnknown:
    "whether incidents were contained before damage (K5) is known of no recovered one",
  containment: (now, was, isFew) => {
    const before =
      was.share === null
        ? ", before there was no value"
        : `, before ${was.contained} of ${was.n} (${shareWords(was.share, "en")})`;
    const few = isFew ? ", too few for a trend" : "";
    return `${now.contained} of ${now.n} were contained before damage (K5: ${shareWords(now.share ?? 0, "en")})${before}${few}`;
  },
  noTargets: "no targets are set",
  targets: (met, set) =>
    met === set
      ? `${set === 1 ? "the one target is" : `all ${set} targets are`} met`
      : `${met} of ${set} targets ${met === 1 ? "is" : "are"} met`,
  missed: (name, check) =>
    `${NUMBERS[name]} (${amount(check, check.value, "en")} instead of at ${check.unit === "share" ? "least" : "most"} ${amount(check, check.target, "en")})`,
  missedList: (list) => `missed: ${listed(list, "and")}`,
  atRiskList: (names) => `at risk by open incidents: ${numbers(names, "and")}`,
  noValueList: (names) => `no value for ${numbers(names, "and")}`,
  noneOpen: "no incident is open",
  open: (n, id, ageS) =>
    n === 1
      ? `1 incident (${id}) has been open for ${englishDuration(ageS)}`
      : `${n} incidents are open, the oldest (${id}) for ${englishDuration(ageS)}`,
};

export const KPI_SENTENCE_MESSAGES: Readonly<Record<"de" | "en", SentenceTexts>> = { de, en };
