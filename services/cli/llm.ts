// `heidewacht llm check|export`: whether the configured language model is of use, and the log of its calls.
import { isAbsolute, join } from "node:path";
import type { Command } from "commander";
import { AppError } from "../../config/errors.ts";
import { loadConfig } from "../../config/load.ts";
import type { CaseInput } from "../llm/case.ts";
import { type Explanation, explainCase } from "../llm/explain-case.ts";
import { DROP_REASONS, type VerifiedClaim } from "../llm/verify.ts";
import { openLanguageModel } from "../llm-model.ts";
import { LLM_CALL_KIND } from "../store/llm-call.ts";
import { withDecision } from "../store/llm-decision.ts";
import type { Store } from "../store/store.ts";
import { EXIT } from "./exit-codes.ts";
import { LLM_CLI_MESSAGES } from "./llm-messages.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { openInstallation } from "./transfer/installation.ts";

const CALLS_PER_READ = 500;

interface LlmOptions {
  readonly config?: string;
  readonly tenant?: string;
}

/** Adds the commands. */
export function addLlmCommand(program: Command, language: CliLanguage): void {
  const text = LLM_CLI_MESSAGES[language];
  const { configOption } = CLI_MESSAGES[language];
  const command = program.command("llm").description(text.llm);
  command
    .command("check")
    .description(text.check)
    .option("-c, --config <file>", configOption)
    .action((options: LlmOptions) => checkModel(options, language));
  command
    .command("export")
    .description(text.export)
    .option("-c, --config <file>", configOption)
    .option("--tenant <id>", text.tenantOption)
    .action((options: LlmOptions) => exportCalls(options, language));
}

async function checkModel(options: LlmOptions, language: CliLanguage): Promise<void> {
  const text = LLM_CLI_MESSAGES[language];
  const { config, folder } = loadConfig(options.config, process.env);
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const parts = openLanguageModel(config.llm, at);
  if (parts === undefined) {
    throw new AppError("HW_CONFIG_INVALID", text.noModel, {
      ...{ place: "llm.url", mend: text.noModelMend },
    });
  }
  const explanation = await explainCase(parts, madeUpCase(language), AbortSignal.timeout(600_000));
  process.stdout.write(`${reportOf(explanation, language).join("\n")}\n`);
  if (explanation.kind !== "verified") process.exitCode = EXIT.found;
}

/** Nothing of it ever happened; addresses are of those reserved for documents (RFC 5737). */
function madeUpCase(language: CliLanguage): CaseInput {
  const text = LLM_CLI_MESSAGES[language].case;
  const time = Date.UTC(2026, 0, 12, 7, 30);
  const logon = {
    "@timestamp": time,
    "source.ip": "203.0.113.20",
    "user.name": "konto-0123456789",
  };
  return {
    ...{ task: "summary", subject: "check", timeZone: "Europe/Berlin" },
    items: [
      {
        ...{ kind: "finding", id: "check", time },
        fields: {
          "rule.name": text.rule,
          "rule.level": "high",
          "finding.first_event": time,
          "finding.signal_count": 42,
        },
      },
      {
        ...{ kind: "event", id: "check-1", time },
        fields: { ...logon, "event.code": 4624, "event.outcome": "success", "host.name": "fs01" },
      },
      {
        ...{ kind: "event", id: "check-2", time: time + 60_000 },
        fields: {
          ...{ "@timestamp": time + 60_000, "host.name": "fs01" },
          ...{ "process.name": "powershell.exe", "process.command_line": text.command },
        },
      },
    ],
  };
}

function reportOf(explanation: Explanation, language: CliLanguage): string[] {
  const text = LLM_CLI_MESSAGES[language];
  const { kind, call } = explanation;
  if (kind === "failed") return [text.failed(explanation.failure)];
  const { claims, total, dropped } = explanation.verification;
  const reasons = DROP_REASONS.filter((one) => dropped[one] !== undefined);
  const { promptTokens, completionTokens } = call;
  return [
    text.asked(call.model, (call.durationMs / 1000).toFixed(1)),
    ...(promptTokens === undefined || completionTokens === undefined
      ? []
      : [text.tokens(promptTokens, completionTokens)]),
    text.kept(claims.length, total),
    ...claims.map((claim) => `  ${sentenceOf(claim)}`),
    ...(reasons.length === 0
      ? []
      : [text.dropped(reasons.map((one) => `${text.reasons[one]} (${dropped[one]})`).join(", "))]),
    ...(kind === "replaced" ? [text.replaced] : []),
  ];
}

/** Log text in quotation marks, as everywhere. */
function sentenceOf({ parts }: VerifiedClaim): string {
  return parts
    .map((part) => {
      if (part.type === "text") return part.text;
      return part.type === "value" ? `„${part.value}“` : part.value;
    })
    .join("");
}

async function exportCalls(options: LlmOptions, language: CliLanguage): Promise<void> {
  const text = LLM_CLI_MESSAGES[language];
  const loaded = loadConfig(options.config, process.env);
  const tenants = loaded.config.tenants.map(({ id }) => id);
  const [only] = tenants;
  const tenant = options.tenant ?? (tenants.length === 1 ? only : undefined);
  if (tenant === undefined) throw new AppError("HW_USAGE", text.tenantNeeded);
  if (!tenants.includes(tenant)) throw new AppError("HW_USAGE", text.unknownTenant(tenant));
  const installation = await openInstallation(loaded, true);
  try {
    for await (const line of callLines(installation.ports.store, tenant)) {
      if (!process.stdout.write(`${line}\n`)) {
        await new Promise((resolve) => process.stdout.once("drain", resolve));
      }
    }
  } finally {
    await installation.close();
  }
}

async function* callLines(store: Store, tenant: string): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, LLM_CALL_KIND, {
      sort: [{ field: "at", order: "asc" }],
      limit: CALLS_PER_READ,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) yield JSON.stringify(await withDecision(store, document));
    cursor = page.cursor;
  } while (cursor !== undefined);
}
