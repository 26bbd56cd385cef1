// What a sender's certificate says of it: the names that it is signed for, and its fingerprint.
import type { X509Certificate } from "node:crypto";

/**
 * Lower-case names of a certificate: DNS names, addresses, mail and URI names, the common name, and
 * `sha256:<64 hexadecimal digits>`. Only for certificates that were verified.
 */
export function namesOfCertificate(certificate: X509Certificate): ReadonlySet<string> {
  const names = new Set([`sha256:${certificate.fingerprint256.replaceAll(":", "").toLowerCase()}`]);
  // Node writes a name that holds a comma or a quotation mark as a quoted one, with commas in it: those are
  // passed over as a whole and match nothing.
  const list = (certificate.subjectAltName ?? "").replace(/"(?:[^"\\]|\\.)*"/g, '"');
  for (const part of list.split(", ")) {
    const name = /^(?:DNS|IP Address|email|URI):([^"]{1,255})$/.exec(part)?.[1];
    if (name !== undefined && !isFingerprint(name)) names.add(name.toLowerCase());
  }
  for (const line of certificate.subject?.split("\n") ?? []) {
    const name = /^CN=(.{1,255})$/.exec(line)?.[1];
    if (name !== undefined && !isFingerprint(name)) names.add(name.toLowerCase());
  }
  return names;
}

// Only we say what the fingerprint is: a name that looks like one is a lie.
function isFingerprint(name: string): boolean {
  return name.toLowerCase().startsWith("sha256:");
}
