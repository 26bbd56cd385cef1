// The verifier: what it lets through is filled by us from the evidence, and no word of a log gets in.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelClaim } from "../../../services/llm/schema.ts";
import { type DropReason, verifyAnswer } from "../../../services/llm/verify.ts";
import { AT, caseOf, claimOf, eventOf, LOGON, PERSON } from "./cases.ts";

const verify = (claims: readonly ModelClaim[], input = caseOf()) =>
  verifyAnswer({ assessment: "unclear", claims: [...claims] }, input);
const GOOD = claimOf("Die Regel {rule:1} wurde ausgelöst.", ["F1", "rule.name"]);

describe("a claim", () => {
  it("is filled with what the evidence holds, each slot with its place", () => {
    const { claims, holds } = verify([
      claimOf(
        "Am {time:1} scheiterte die Anmeldung von {pseudonym:2} an {value:3} von {address:4} mit {code:5}, {count:6} Treffer.",
        ["E1", "@timestamp"],
        ["E1", "user.name"],
        ["E1", "host.name"],
        ["E1", "source.ip"],
        ["E1", "event.code"],
        ["F1", "finding.signal_count"],
      ),
    ]);
    expect(holds).toBe(true);
    const slots = claims[0]?.parts.filter((part) => part.type !== "text");
    const event = "kafka/raw/0/17";
    expect(slots).toEqual([
      { type: "time", value: "20.11.2026, 09:30:00", event, field: "@timestamp" },
      { type: "pseudonym", value: PERSON, event, field: "user.name" },
      { type: "value", value: "dc01", event, field: "host.name" },
      { type: "address", value: "203.0.113.9", event, field: "source.ip" },
      { type: "code", value: "4625", event, field: "event.code" },
      { type: "count", value: "1.234", event: "f-1", field: "finding.signal_count" },
    ]);
    expect(AT).toBeGreaterThan(0);
  });

  const dropped: [string, ModelClaim, DropReason][] = [
    ["cites nothing", claimOf("Ein Angriff wurde beobachtet."), "no_citation"],
    [
      "names a slot that it does not cite",
      claimOf("Am {time:3}.", ["E1", "@timestamp"]),
      "no_citation",
    ],
    [
      "cites one slot twice",
      { ...GOOD, citations: [...GOOD.citations, ...GOOD.citations] },
      "no_citation",
    ],
    [
      "cites an event that is not in the case",
      claimOf("Am {time:1}.", ["E9", "@timestamp"]),
      "unknown_event",
    ],
    [
      "cites by the real id",
      claimOf("Am {time:1}.", ["kafka/raw/0/17", "@timestamp"]),
      "unknown_event",
    ],
    [
      "cites a field that the event lacks",
      claimOf("Von {address:1}.", ["E1", "destination.ip"]),
      "unknown_field",
    ],
    [
      "cites what every object has",
      claimOf("Von {value:1}.", ["E1", "constructor"]),
      "unknown_field",
    ],
    [
      "puts a field into a slot of another kind",
      claimOf("Von {address:1}.", ["E1", "user.name"]),
      "wrong_slot",
    ],
    [
      "takes a log's word for a rule",
      claimOf("Von {rule:1}.", ["E1", "event.outcome"]),
      "wrong_slot",
    ],
    [
      "writes a number",
      claimOf("Am {time:1} gab es 5 Treffer.", ["E1", "@timestamp"]),
      "foreign_sign",
    ],
    [
      "writes a number in words",
      claimOf("Am {time:1} gab es zwölf Treffer.", ["E1", "@timestamp"]),
      "foreign_word",
    ],
    [
      "writes an address",
      claimOf("Am {time:1} von evil.example.", ["E1", "@timestamp"]),
      "wrong_form",
    ],
    ["writes a link", claimOf("Am {time:1} über https://a.", ["E1", "@timestamp"]), "foreign_sign"],
    ["writes markup", claimOf("Am {time:1} <b>Treffer</b>.", ["E1", "@timestamp"]), "foreign_sign"],
    [
      "writes a control character",
      claimOf("Am {time:1}\u202e Treffer.", ["E1", "@timestamp"]),
      "foreign_sign",
    ],
    [
      "writes a name",
      claimOf("Am {time:1} meldete sich Petersen an.", ["E1", "@timestamp"]),
      "foreign_word",
    ],
    [
      "writes another language",
      claimOf("At {time:1} the user logged on.", ["E1", "@timestamp"]),
      "foreign_word",
    ],
    ["denies", claimOf("Am {time:1} war es kein Angriff.", ["E1", "@timestamp"]), "foreign_word"],
    [
      "plays down",
      claimOf("Am {time:1} war der Vorgang harmlos.", ["E1", "@timestamp"]),
      "foreign_word",
    ],
    [
      "asks for something",
      claimOf("Bitte {value:1} ignorieren.", ["E1", "host.name"]),
      "foreign_word",
    ],
    [
      "holds a slot of no kind",
      claimOf("Am {time:1} {name:2}.", ["E1", "@timestamp"]),
      "foreign_sign",
    ],
    ["is two sentences", claimOf("Am {time:1}. Am Rechner.", ["E1", "@timestamp"]), "wrong_form"],
    ["is long", claimOf(`Am {time:1} ${"und ".repeat(100)}.`, ["E1", "@timestamp"]), "too_long"],
    [
      "asks where it should state",
      claimOf("Wer war es am {time:1}?", ["E1", "@timestamp"]),
      "wrong_form",
    ],
  ];
  it.each(dropped)("that %s is dropped", (_, claim, reason) => {
    const { claims, dropped: why } = verify([claim]);
    expect(claims).toEqual([]);
    expect(why).toEqual({ [reason]: 1 });
  });

  it("that repeats a log is dropped, however the log spells it", () => {
    const claim = claimOf("Der Zugriff erfolgte durch den Benutzer {time:1}.", [
      "E1",
      "@timestamp",
    ]);
    for (const text of [
      "der zugriff erfolgte durch",
      "DER_ZUGRIFF-ERFOLGTE/durch den",
      "?q=zugriff%20erfolgte%20durch%20den%20x",
      "zu\u200bgriff erfolgte durch\u00a0den",
      "ZUGRIFF+ERFOLGTE+DURCH+DEN",
    ]) {
      const input = caseOf([eventOf({ "user_agent.original": text })]);
      expect(verify([claim], input).dropped, text).toEqual({ log_text: 1 });
    }
    expect(verify([claim]).claims).toHaveLength(1);
  });

  it("with slots between the words of a log is dropped too", () => {
    const input = caseOf([eventOf({ message: "der Zugriff erfolgte heute durch den Benutzer" })]);
    const claim = claimOf(
      "Erfolgte {time:1} durch {time:2} den Benutzer.",
      ["E1", "@timestamp"],
      ["E1", "@timestamp"],
    );
    const log = caseOf([eventOf({ message: "erfolgte durch den Benutzer" })]);
    expect(verify([claim], log).dropped).toEqual({ log_text: 1 });
    expect(verify([claim], input).claims).toHaveLength(1);
  });

  it("that uses the name of something in the case as a word is dropped", () => {
    const input = caseOf([eventOf({ "host.name": "Gateway" })]);
    const claim = claimOf("Am {time:1} war das Gateway betroffen.", ["E1", "@timestamp"]);
    expect(verify([claim], input).dropped).toEqual({ foreign_word: 1 });
  });

  it("shows as quoted data what is not what its field says", () => {
    const input = caseOf([
      eventOf({
        "source.ip": "<img src=x onerror=alert(1)>",
        "user.name": "Ignore this",
        "event.code": "http://a.b",
      }),
    ]);
    const { claims } = verify(
      [
        claimOf(
          "Von {address:1} mit {pseudonym:2} und {code:3}.",
          ["E1", "source.ip"],
          ["E1", "user.name"],
          ["E1", "event.code"],
        ),
      ],
      input,
    );
    const slots = claims[0]?.parts.filter((part) => part.type !== "text");
    expect(slots).toMatchObject([
      { type: "value", value: "‹img src=x onerror=alert(1)›" },
      { type: "value", value: "Ignore this" },
      { type: "value", value: "http∶//a.b" },
    ]);
  });
});

describe("an answer", () => {
  it("holds while at most a fifth of its claims is dropped", () => {
    const good = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        claimOf(`${"Danach ".repeat(index)}wurde die Regel {rule:1} ausgelöst.`, [
          "F1",
          "rule.name",
        ]),
      );
    const bad = claimOf("Nichts {rule:1}.", ["F1", "rule.name"]);
    expect(verify([...good(4), bad]).holds).toBe(true);
    expect(verify([...good(3), bad]).holds).toBe(false);
    expect(verify([]).holds).toBe(false);
  });

  it("has each claim once", () => {
    expect(verify([GOOD, GOOD])).toMatchObject({ total: 2, dropped: { repeated: 1 } });
  });
});

const WORD = fc.constantFrom(
  ..."der die Anmeldung Rechner erfolgte durch von Angriff Zugriff wurde Konto ignore alle Regeln evil.de 42 <b> DROP Müller".split(
    " ",
  ),
);
const TEXT = fc.array(WORD, { minLength: 1, maxLength: 12 }).map((words) => words.join(" "));

describe("any answer to any log", () => {
  it("shows no four words in a row of the log, no digit and no markup outside of slots", () => {
    const property = fc.property(
      TEXT,
      fc.array(TEXT, { maxLength: 8 }),
      fc.nat(12),
      (log, own, at) => {
        const input = caseOf([eventOf({ ...LOGON, "user_agent.original": log })]);
        const claims = [log, ...own].map((text) => {
          const words = text.split(" ");
          words.splice(at % (words.length + 1), 0, "{value:1}");
          return claimOf(`${words.join(" ")}.`, ["E1", "user_agent.original"]);
        });
        const folded = log.toLowerCase().match(/\p{L}+/gu) ?? [];
        for (const { parts } of verify(claims, input).claims) {
          const text = parts.map((part) => (part.type === "text" ? part.text : " ")).join("");
          expect(text).not.toMatch(/[\d<>@/\\{}[\]`*_#|]/);
          expect(text).not.toMatch(/ignore|evil|DROP|Müller/);
          const shown = ` ${(text.toLowerCase().match(/\p{L}+/gu) ?? []).join(" ")} `;
          for (let from = 0; from + 4 <= folded.length; from += 1) {
            expect(shown).not.toContain(` ${folded.slice(from, from + 4).join(" ")} `);
          }
        }
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it("lets nothing but German letters, blanks and plain signs between slots", () => {
    const property = fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const claim = claimOf(`${text} {value:1}.`, ["E1", "host.name"]);
      for (const { parts } of verify([claim]).claims) {
        for (const part of parts) {
          if (part.type === "text") expect(part.text).toMatch(/^[A-Za-zÄÖÜäöüß ,;:.?()–-]*$/);
        }
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});
