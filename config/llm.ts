// The part of the configuration that says which language model may explain findings. Without an address
// there is none. Only own servers are taken: nothing of a log goes to a model elsewhere.
import ipaddr from "ipaddr.js";
import { z } from "zod";

const SECOND_MS = 1000;
/** Of addresses that no router on the Internet knows. */
const OWN_RANGES: readonly string[] = ["loopback", "private", "uniqueLocal", "linkLocal"];

const keysSchema = z.strictObject({
  /** Base address of an OpenAI-compatible server: http://127.0.0.1:8080/v1; missing: no model. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  model: z.string().min(1).max(200).default("default"),
  /** File whose first line is the key, where the server asks for one. */
  apiKeyFile: z.string().min(1).optional(),
  /** Names of own servers; loopback and private addresses need not be named. */
  allowedHosts: z.array(z.string().min(1).max(253).toLowerCase()).max(20).default([]),
  /** How the server is told the shape of the answer. */
  mode: z.enum(["json_schema", "json_object"]).default("json_schema"),
  /** Of one try, from sending to the last byte. */
  timeoutMs: z
    .number()
    .int()
    .min(SECOND_MS)
    .max(600 * SECOND_MS)
    .default(60 * SECOND_MS),
  retriesMax: z.number().int().min(0).max(5).default(2),
  /** Requests at the same time. */
  concurrencyMax: z.number().int().min(1).max(16).default(2),
  promptCharsMax: z.number().int().min(4000).max(200_000).default(12_000),
  answerTokensMax: z.number().int().min(100).max(8000).default(900),
  answerBytesMax: z.number().int().min(4096).max(4_194_304).default(262_144),
  /** Whether a running request is watched by asking for the list of models beside it. */
  probe: z.boolean().default(true),
  /** Weaker findings are explained on demand only. */
  minLevel: z.enum(["informational", "low", "medium", "high", "critical"]).default("medium"),
  /** A finding that still grows is waited for this long. */
  debounceMs: z
    .number()
    .int()
    .min(0)
    .max(600 * SECOND_MS)
    .default(5 * SECOND_MS),
  /** Suggestions and the log of calls. */
  keepDays: z.number().int().min(1).max(3650).default(90),
});

/** Settings of the language model. */
export const llmSchema = keysSchema.superRefine(({ url, allowedHosts }, context) => {
  if (url === undefined || isOwnServer(url, allowedHosts)) return;
  const message =
    "nur eigene Server: eine Adresse dieses Rechners, eine private Adresse oder ein Name aus allowedHosts";
  context.addIssue({ code: "custom", path: ["url"], message });
});
export type LlmConfig = Readonly<z.infer<typeof llmSchema>>;

/** Whether an address leads to a server of the house. Names are believed only where they are listed. */
export function isOwnServer(url: string, allowedHosts: readonly string[]): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  const { hostname, username, password } = parsed;
  // What looks like a name before the @ is none.
  if (username !== "" || password !== "") return false;
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || allowedHosts.includes(host)) return true;
  return ipaddr.isValid(host) && OWN_RANGES.includes(ipaddr.process(host).range());
}
