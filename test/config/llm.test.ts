// Which servers of models are the house's own, and that leaving the model out leaves all else whole.
import { describe, expect, it } from "vitest";
import { llmSchema } from "../../config/llm.ts";
import { configSchema } from "../../config/schema.ts";

describe("the address of a language model", () => {
  it.each([
    "http://127.0.0.1:8080/v1",
    "http://localhost/v1",
    "https://10.1.2.3/v1",
    "http://192.168.4.5:11434/v1",
    "http://[::1]:8080/v1",
    "http://[fd00::1]/v1",
    "http://llm:8080/v1",
  ])("%s is taken", (url) => {
    expect(llmSchema.safeParse({ url, allowedHosts: ["LLM"] }).success).toBe(true);
  });

  it.each([
    "https://api.example.org/v1",
    "http://8.8.8.8/v1",
    "http://127.0.0.1@8.8.8.8/v1",
    "http://llm@8.8.8.8/v1",
    "http://llm.example.org/v1",
    "http://0.0.0.0/v1",
    "http://[2001:db8::1]/v1",
    "http://2130706433.example/v1",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "kein URL",
  ])("%s is refused", (url) => {
    expect(llmSchema.safeParse({ url, allowedHosts: ["llm"] }).success).toBe(false);
  });
});

describe("a process without the service that explains", () => {
  const tenants = [{ id: "kreis", name: "Kreis" }];
  it("runs all that findings need, embedded", () => {
    const services = ["ingest", "detect", "baseline", "triage", "notify", "api"];
    expect(configSchema.safeParse({ tenants, services }).success).toBe(true);
    expect(configSchema.safeParse({ tenants, services: services.slice(1) }).success).toBe(false);
  });
});
