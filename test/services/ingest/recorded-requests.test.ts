import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createNormalizer, eventOrThrow } from "../../../services/normalize/normalizer.ts";
import { API_KEY, openTestInput } from "./http-setup.ts";

const FOLDER = join(import.meta.dirname, "../../support/recorded-requests");

/** Requests of shippers that can't be had from a registry, as we wrote them after their documentation. */
const RECORDED: readonly (readonly [string, readonly number[], readonly string[]])[] = [
  ["filebeat", [200, 200, 200], ["ecs", "ecs"]],
  ["winlogbeat", [200, 200], ["winlogbeat"]],
  ["fluent-bit-es", [200], ["linux-auth", "json"]],
  ["fluent-bit-splunk", [200], ["splunk-hec", "splunk-hec"]],
  ["vector-elasticsearch", [200, 200], ["linux-auth"]],
  ["vector-splunk-hec", [200, 200, 200], ["splunk-hec", "splunk-hec"]],
  ["docker-splunk", [200, 200], ["splunk-hec", "splunk-hec"]],
  ["otel-collector", [200], ["otlp"]],
];

interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function readRequests(name: string): RecordedRequest[] {
  const key = Buffer.from(API_KEY, "base64").toString();
  const text = readFileSync(join(FOLDER, `${name}.http`), "utf8")
    .replace(/^#(?!##).*\n/gm, "")
    .replaceAll("{{key}}", API_KEY)
    .replaceAll("{{token}}", key.replace(":", "."));
  return text.split(/^###\n/m).map((one) => {
    const [head = "", ...body] = one.split("\n\n");
    const [first = "", ...lines] = head.split("\n");
    const [method = "", url = ""] = first.split(" ");
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
    );
    return { method, url, headers, body: body.join("\n\n") };
  });
}

function packed({ headers, body }: RecordedRequest): Buffer {
  const encoding = headers["Content-Encoding"];
  if (encoding === "gzip") return gzipSync(body);
  return encoding === "zstd" ? zstdCompressSync(body) : Buffer.from(body);
}

describe("recorded requests", () => {
  it("are all played", () => {
    const files = readdirSync(FOLDER).map((name) => name.replace(".http", ""));
    expect(files.sort()).toEqual(RECORDED.map(([name]) => name).sort());
  });

  it.each(RECORDED)(
    "of %s are answered as it expects, and every record parses",
    async (...recorded) => {
      const [name, statuses, formats] = recorded;
      await using setup = await openTestInput();
      const seen: number[] = [];
      for (const one of readRequests(name)) {
        const payload = packed(one);
        const reply = await fetch(setup.input.url + one.url, {
          method: one.method,
          headers: one.headers,
          ...(payload.length > 0 && one.method === "POST" ? { body: new Uint8Array(payload) } : {}),
        });
        seen.push(reply.status);
        expect(await reply.text()).not.toMatch(/"errors":true|"error":/);
      }
      expect(seen).toEqual(statuses);
      const normalizer = createNormalizer({ mappings: [] });
      const events = setup.bus.taken.map(({ record }) =>
        eventOrThrow(normalizer.normalize(record, "kreis")),
      );
      expect(events.map(({ format }) => format.id)).toEqual(formats);
      for (const { event } of events) {
        expect(event.claimedTime).toBeUndefined();
        expect(new Date(event.time).toISOString()).toMatch(/^2026-11-20T/);
      }
    },
  );
});
