// Names in certificates, honest ones and ones that were made to pass for others.
import type { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { namesOfCertificate } from "../../../services/ingest/peer-certificate.ts";

const OWN = `sha256:${"ab".repeat(32)}`;

// What Node gives of a certificate, as far as its names are asked for.
function namesOf(subjectAltName: string | undefined, subject: string): string[] {
  const fingerprint256 = Array.from({ length: 32 }, () => "AB").join(":");
  // The function reads these three only.
  const certificate = { fingerprint256, subjectAltName, subject } as X509Certificate;
  return [...namesOfCertificate(certificate)];
}

describe("the names of a certificate", () => {
  it("are those of its subject and their alternatives", () => {
    expect(
      namesOf("DNS:FW01.kreis.example, IP Address:192.0.2.7, URI:urn:fw01", "O=Kreis\nCN=Fw01"),
    ).toEqual([OWN, "fw01.kreis.example", "192.0.2.7", "urn:fw01", "fw01"]);
    expect(namesOf(undefined, "O=Kreis")).toEqual([OWN]);
  });

  it.each([
    ['DNS:"a, DNS:dc01.kreis.example, b"', "O=x"],
    ['URI:"a\\", DNS:dc01.kreis.example, \\"b", DNS:"c"', "O=x"],
    ["DirName:/CN=dc01.kreis.example", "O=x"],
    [`DNS:SHA256:${"cd".repeat(32)}`, "O=x"],
    [`URI:sha256:${"cd".repeat(32)}`, `CN=sha256:${"cd".repeat(32)}`],
  ])(
    "hold nothing that stands inside another one or looks like a fingerprint: %s",
    (alt, subject) => {
      expect(namesOf(alt, subject)).toEqual([OWN]);
    },
  );
});
