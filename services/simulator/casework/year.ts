// The year before the quarter in little: two incidents a month, drawn from what such a county usually has, and
// handled more slowly than later.
import type { Random } from "../random.ts";
import { QUARTER_DAYS, YEAR_DAYS } from "./span.ts";
import type { Story } from "./story.ts";

const DAYS_BETWEEN = 15;

type Sketch = Pick<
  Story,
  "title" | "description" | "severity" | "category" | "raised" | "impact" | "damage"
> & {
  /** Hours, usual ones. */
  readonly before: number;
  readonly contained: number;
  readonly recovered: number;
};

const HARMLESS = { impact: ["none", "none", "none"] } as const;

const SKETCHES: readonly Sketch[] = [
  {
    ...{ title: "Zugangsdaten durch Phishing verloren", severity: "medium", category: "fraud" },
    ...{
      description: "Ein Konto wurde von außen benutzt.",
      raised: [
        ["risk", 0],
        ["hides", 20],
      ],
    },
    ...{ before: 40, contained: 5, recovered: 44, impact: ["limited", "none", "none"], damage: -3 },
  },
  {
    ...{
      title: "Schadprogramm auf einem Arbeitsplatz",
      severity: "high",
      category: "malicious_code",
    },
    ...{
      description: "Über einen Mailanhang.",
      raised: [
        ["encoded", 0],
        ["malware", 9],
      ],
    },
    ...{ before: 19, contained: 7, recovered: 70, ...HARMLESS },
  },
  {
    ...{ title: "Kennwortraten am Fernzugang", severity: "low", category: "intrusion_attempt" },
    ...{ description: "Ohne Erfolg.", raised: [["spraying", 0]] },
    ...{ before: 2, contained: 4, recovered: 9, ...HARMLESS },
  },
  {
    ...{ title: "Fernwartung durch falschen Support", severity: "medium", category: "fraud" },
    ...{ description: "Nach einem Anruf eingerichtet.", raised: [["remoteTool", 0]] },
    ...{ before: 6, contained: 3, recovered: 58, ...HARMLESS },
  },
  {
    ...{
      title: "Kontakt zu bekannter Schadinfrastruktur",
      severity: "high",
      category: "intrusion",
    },
    ...{
      description: "Ein Rechner fragte regelmäßig an.",
      raised: [
        ["botnet", 0],
        ["beacon", 90],
      ],
    },
    ...{
      before: 130,
      contained: 12,
      recovered: 95,
      impact: ["limited", "limited", "none"],
      damage: -20,
    },
  },
  {
    ...{
      title: "Ausfall eines Fachverfahrens durch Überlast",
      severity: "medium",
      category: "availability",
    },
    ...{ description: "Zu viele Anfragen von außen.", raised: [["requests", 0]] },
    ...{ before: 1, contained: 3, recovered: 11, impact: ["none", "none", "limited"], damage: 0.5 },
  },
];

export function drawYear(random: Random): Story[] {
  const stories: Story[] = [];
  for (let day = QUARTER_DAYS + 6; day < QUARTER_DAYS + YEAR_DAYS; day += DAYS_BETWEEN) {
    const { before, contained, recovered, ...sketch } = random.pick(SKETCHES);
    const about = (hours: number) => hours * (0.7 + 0.6 * random.next());
    const wait = random.int(8, 40);
    stories.push({
      ...{
        ...sketch,
        key: `year-${day}`,
        day: day - random.int(0, 9),
        hour: 8 + 7 * random.next(),
      },
      compromise: random.chance(0.15)
        ? { method: "unknown" }
        : { method: "evidence", before: Math.max(about(before), 1.2 - (sketch.damage ?? 0)) },
      ...{
        triage: random.int(50, 240),
        contained: 4 + about(contained),
        recovered: 6 + about(recovered),
      },
      measures: [["Ursache abstellen", 21, wait]],
      ...(sketch.impact?.[0] === "limited" ? { reported: random.int(30, 66) } : {}),
    });
  }
  return stories;
}
