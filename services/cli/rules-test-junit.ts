// The proof of rules by their samples as JUnit XML, which CI systems show: a suite a rule, a case a sample.
// Source: JUnit's legacy XML report, in the form that Jenkins and GitLab read.
import type { SampleFailure } from "../rules/rule-samples.ts";
import type { RulesTest } from "./rules-test.ts";
import { faultLine } from "./rules-text.ts";

/** @param linesOf a failure in words */
export function junitReport(
  result: RulesTest,
  linesOf: (failure: SampleFailure) => readonly string[],
): string {
  const byPlace = new Map(result.failures.map((failure) => [failure.place, failure]));
  const suites = result.proven.map(({ rule, place, samples }) => {
    const whole = byPlace.get(place);
    const cases = samples.map((sample) => {
      const failure = byPlace.get(sample.place) ?? whole;
      return caseOf(`${sample.wanted} ${sample.place}`, rule, failure && linesOf(failure));
    });
    const failed = samples.filter((sample) => byPlace.has(sample.place) || whole !== undefined);
    return suiteOf(result.titles.get(rule) ?? rule, cases, failed.length);
  });
  // What could not be read is a failure of its own, or a broken file would look like a passed one.
  const faults = result.faults.map((fault) => caseOf(fault.place, fault.code, [faultLine(fault)]));
  if (faults.length > 0) suites.push(suiteOf("faults", faults, faults.length));
  const untested = result.untested.map(({ info }) => caseOf(info.title, info.id, undefined, true));
  if (untested.length > 0) suites.push(suiteOf("untested", untested, 0, untested.length));
  const tests = result.samples + faults.length + untested.length;
  const failures = result.proven.reduce(
    (sum, { place, samples }) =>
      sum + samples.filter((one) => byPlace.has(one.place) || byPlace.has(place)).length,
    faults.length,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="heidewacht rules test" tests="${tests}" failures="${failures}" errors="0">`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteOf(name: string, cases: readonly string[], failures: number, skipped = 0): string {
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  return [`  <testsuite name="${escaped(name)}" ${counts}>`, ...cases, "  </testsuite>"].join("\n");
}

function caseOf(
  name: string,
  rule: string,
  failure: readonly string[] | undefined,
  isSkipped = false,
): string {
  const start = `    <testcase classname="${escaped(rule)}" name="${escaped(name)}"`;
  if (isSkipped) return `${start}><skipped/></testcase>`;
  if (failure === undefined) return `${start}/>`;
  const [message = "", ...rest] = failure;
  const body = `<failure message="${escaped(message)}">${escaped(rest.join("\n"))}</failure>`;
  return `${start}>${body}</testcase>`;
}

/** Text for XML; what XML 1.0 can't hold, or would steer a terminal, becomes a sign. */
function escaped(text: string): string {
  return text
    .replace(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
