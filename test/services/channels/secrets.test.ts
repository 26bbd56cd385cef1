import { describe, expect, it } from "vitest";
import { withoutSecrets } from "../../../services/channels/secrets.ts";

const CODE = "Xk9-pQ4z";
const TOKEN = "q8Zr2LmN5vT7wY1bC3dE6fG9";

describe("secrets in a text", () => {
  it.each([
    `curl --password ${CODE} x`,
    `app -Password "${CODE} mit Leerzeichen" -Verbose`,
    `net use \\\\fs01\\c$ ${CODE} /user:admin`,
    `net user svc-backup ${CODE} /add`,
    `mysql -uroot -p${CODE} db`,
    `sshpass -p ${CODE} ssh root@fs01`,
    `psexec \\\\fs01 -u admin -p ${CODE} cmd`,
    `plink -pw ${CODE} fs01`,
    `schtasks /create /ru admin /rp:${CODE}`,
    `PGPASSWORD=${CODE} psql`,
    `DB_PASSWORD='${CODE}'`,
    `password: ${CODE}`,
    `{"password":"${CODE}","user":"x"}`,
    `<Password>${CODE}</Password>`,
    `Server=db;User Id=sa;Password=${CODE};`,
    `https://admin:${CODE}@fs01.kreis.example/x`,
    `curl -u admin:${CODE} https://x`,
    `ConvertTo-SecureString '${CODE}' -AsPlainText`,
    `?user=a&token=${CODE}&x=1`,
    `client_secret=${CODE}`,
    `AccountKey=${CODE}==`,
  ])("are taken out of %j", (text) => {
    const shown = withoutSecrets(text, "de");
    expect(shown).not.toContain(CODE);
    expect(shown).toContain("[entfernt]");
    expect(withoutSecrets(text, "en")).toContain("[removed]");
  });

  it.each([
    `Authorization: Bearer ${TOKEN}`,
    `Authorization: Basic ${TOKEN}`,
    `curl -H "Authorization: Bearer ${TOKEN}"`,
    `bearer ${TOKEN}`,
    `Cookie: a=b; sid=${TOKEN}`,
    `X-Api-Key: ${TOKEN}`,
    `ghp_${TOKEN}`,
    `glpat-${TOKEN}`,
    `xoxb-${TOKEN}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${TOKEN}`,
    `$6$salt1234$${TOKEN}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${TOKEN}\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN OPENSSH PRIVATE KEY----- ${TOKEN}`,
  ])("of the look of tokens and keys are taken out of %j", (text) => {
    expect(withoutSecrets(text, "de")).not.toContain(TOKEN);
  });

  it.each([
    "P1: Schattenkopien gelöscht auf host-3f9a",
    "vssadmin delete shadows /all /quiet",
    "Anmeldung mit falschem Kennwort, 12 Mal",
    "EventID: 4625, SID: S-1-5-21-1",
    "powershell -EncodedCommand SQBFAFgA",
    "Compass 3, Token abgelaufen",
    "net use",
  ])("are not seen in %j", (text) => {
    expect(withoutSecrets(text, "de")).toBe(text);
  });
});
