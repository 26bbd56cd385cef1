import { beforeAll, describe, expect, it } from "vitest";
import { awkwardLines, faultsOf } from "../../support/awkward-lines.ts";
import { AUTHORIZATION_TOKEN, openShipperIngest, parseAll } from "../../support/shipper-ingest.ts";
import { fetchShippers, runShipper, shipperFolder } from "../../support/shippers.ts";

const LINES = awkwardLines(3000, 100_000);

beforeAll(fetchShippers);

describe("OpenTelemetry SDK for Python, OTLP/HTTP with protobuf", () => {
  it.each(["none", "gzip"])(
    "sends every record whole and once, compression %s",
    async (compression) => {
      await using ingest = await openShipperIngest();
      using folder = shipperFolder();
      const file = folder.write("lines.txt", `${LINES.join("\n")}\n`);
      const authorization = `Bearer ${AUTHORIZATION_TOKEN}`;
      await runShipper("python-otlp", [ingest.url, authorization, file, compression]);
      await ingest.arrived(LINES.length);
      const events = parseAll(ingest.records);
      expect(new Set(events.map(({ format }) => format))).toEqual(new Set(["otlp"]));
      expect(
        faultsOf(
          events.map(({ record }) => String(record.body)),
          LINES,
        ),
      ).toEqual([]);
      const bodies = ["INFO", "WARN", "ERROR"].map((severity, at) => {
        const { record } = events.find((one) => one.record.body === LINES[at]) ?? { record: {} };
        return { severity, record };
      });
      for (const [at, { severity, record }] of bodies.entries()) {
        expect(record).toMatchObject({
          severityText: severity,
          resource: { attributes: { "service.name": "fachverfahren", "host.name": "app01" } },
          scope: { name: "anmeldung" },
          attributes: { "user.id": "1001", antrag: at },
        });
      }
    },
  );
});
