// A server of a model on a real socket that answers as a test wants: well, or in any of the wrong ways.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { createLlmClient, type LlmClientConfig } from "../../../services/llm/client.ts";
import { refuseDeepJson } from "../../../services/normalize/json-nesting.ts";

interface Asked {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format: { readonly type: string };
  readonly temperature: number;
}
type Answer = (response: ServerResponse, asked: Asked, request: IncomingMessage) => void;

export interface ModelDouble {
  readonly url: string;
  /** What it was asked so far. */
  readonly asked: Asked[];
  /** Connections of requests that the client broke off. */
  readonly brokenOff: () => number;
  answer: Answer;
  /** What it says to a look whether it is there. */
  alive: (response: ServerResponse) => void;
  stop(): Promise<void>;
}

/** A completion with this content. */
export function completion(content: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    model: "double-1",
    choices: [
      { index: 0, finish_reason: "stop", message: { role: "assistant", content }, ...more },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  });
}

export function sendJson(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

export async function startDouble(answer: Answer, port = 0): Promise<ModelDouble> {
  let broken = 0;
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    if (request.url?.endsWith("/models") === true) return double.alive(response);
    response.on("close", () => {
      if (!response.writableFinished) broken += 1;
    });
    const body = JSON.parse(await text(request)) as Asked; // Our own client's request.
    asked.push(body);
    double.answer(response, body, request);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const { port: used } = server.address() as AddressInfo; // It listens on a port.
  const double: ModelDouble = {
    url: `http://127.0.0.1:${used}/v1`,
    asked,
    brokenOff: () => broken,
    answer,
    alive: (response) => sendJson(response, '{"data":[]}'),
    stop,
  };
  onTestFinished(stop);
  return double;
}

/** A client with short times. */
export function clientOf(url: string, more: Partial<LlmClientConfig> = {}) {
  const states: string[] = [];
  const config: LlmClientConfig = {
    url,
    allowedHosts: [],
    model: "m",
    mode: "json_schema",
    timeoutMs: 10_000,
    retriesMax: 0,
    concurrencyMax: 2,
    answerTokensMax: 500,
    answerBytesMax: 20_000,
    probe: false,
    ...more,
  };
  const onCircuit = (state: string) => void states.push(state);
  return { states, ...{ client: createLlmClient({ config, refuseDeepJson, onCircuit }) } };
}
