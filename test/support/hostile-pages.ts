// Pages that carry a hostile text in every field a foreign word can get into.
import type { OutgoingPage } from "../../services/channels/channel.ts";
import type { Page } from "../../services/channels/page.ts";

/** Addresses of ours that every such page has. */
export const OUR_LINKS = [
  "https://heidewacht.kreis.example/findings/f-1",
  "https://heidewacht.kreis.example/a/token_-1",
  "https://heidewacht.kreis.example/d/token_-2",
] as const;

export function examplePage(more: Partial<Page> = {}): Page {
  return {
    ...{ kind: "finding", language: "de", tenant: "kreis", tenantName: "Landkreis Musterheide" },
    ...{ priority: "p1", tlp: "TLP:AMBER", title: "P1: Schattenkopien gelöscht" },
    facts: [
      { key: "what", label: "Was", value: "vssadmin delete shadows" },
      { key: "where", label: "Wo", value: "host-3f9a" },
      { key: "confidence", label: "Wie sicher", value: "87 von 100" },
    ],
    advice: ["Rechner vom Netz trennen, nicht ausschalten."],
    more: ["P2: Anmeldung von neuem Ort"],
    ...{ link: OUR_LINKS[0], acknowledgeLink: OUR_LINKS[1], declineLink: OUR_LINKS[2] },
    ...{ code: "K7MQ2X", raisedAt: Date.UTC(2026, 10, 22, 5, 6), notice: undefined },
    ...more,
  };
}

export function exampleOutgoing(more: Partial<OutgoingPage> = {}): OutgoingPage {
  return {
    ...{ id: "0123456789abcdef0123456789abcdef", page: examplePage(), to: undefined, attempt: 1 },
    ...more,
  };
}

/** The text stands alone, after words of ours, and between them. */
export function hostileOutgoing(text: string, to: string | undefined): OutgoingPage {
  const page = examplePage({
    tenantName: `Landkreis ${text}`,
    title: text,
    facts: [
      { key: "what", label: "Was", value: text },
      { key: "where", label: "Wo", value: `auf ${text} seit heute` },
      { key: "source", label: "Quelle", value: `${text}${text}` },
    ],
    advice: [text, `Zuerst ${text}`],
    more: [text, `P2: ${text}`],
    notice: text,
  });
  return exampleOutgoing({ page, to });
}
