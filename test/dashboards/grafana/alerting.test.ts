// Alert rules are whole, and lead to a heading that says what to do.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ALERTS } from "../../../dashboards/alerts.ts";
import { BOARDS } from "../../../dashboards/boards.ts";
import { alertingFile, anchorOf } from "../../../dashboards/grafana/alerting.ts";

const content = alertingFile(ALERTS);
const { groups } = z
  .object({
    apiVersion: z.literal(1),
    groups: z.array(
      z.looseObject({
        rules: z.array(
          z.looseObject({
            ...{ uid: z.string().max(40), title: z.string(), condition: z.literal("C") },
            data: z
              .array(z.looseObject({ refId: z.string(), datasourceUid: z.string() }))
              .length(2),
            annotations: z.object({ summary: z.string(), runbook_url: z.string() }),
            for: z.string().regex(/^\d+m$/),
          }),
        ),
      }),
    ),
  })
  .parse(parse(content));
const rules = groups.flatMap((group) => group.rules);

describe("the alert rules", () => {
  it("are those that the definitions give, each under its own name (npm run build:dashboards)", () => {
    const committed = readFileSync("dashboards/provisioning/alerting/heidewacht.yml", "utf8");
    expect(committed === content).toBe(true);
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(ALERTS.length);
    expect(new Set(rules.map(({ title }) => title)).size).toBe(ALERTS.length);
    const uids = rules.map(({ uid }) => uid);
    expect(uids.filter((uid) => BOARDS.some(({ id }) => uid === `heidewacht-${id}`))).toEqual([]);
  });

  it.each(ALERTS)(
    "lead to what is to be done, and name only labels that they have: $id",
    (alert) => {
      const text = readFileSync("docs/betrieb.md", "utf8");
      const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
      expect(headings).toContain(alert.heading);
      const rule = rules.find(({ title }) => title === alert.title);
      expect(rule?.annotations.runbook_url).toBe(`docs/betrieb.md#${anchorOf(alert.heading)}`);
      const named = [...alert.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
      expect(named.filter((one) => !alert.series.by?.some((label) => label === one))).toEqual([]);
    },
  );

  it("have no $ that Grafana would take for a variable of the environment", () => {
    expect(content).not.toMatch(/(?<!\$)\$(?!\$)/);
    expect(content).toContain("{{ $$labels.source }}");
    expect(content).not.toContain("unknown");
  });

  it("refuse a limit that is none or two", () => {
    const [first] = ALERTS;
    if (first === undefined) throw new Error("there are none");
    const { above: _, ...without } = first;
    expect(() => alertingFile([without])).toThrow("either above or below");
    expect(() => alertingFile([{ ...first, above: 1, below: 0 }])).toThrow("either above or below");
  });
});
