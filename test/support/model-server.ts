// A server of a language model on a real socket that speaks as much of the OpenAI wire as we use. What it
// answers is up to the test or evaluation: it is given the prompt and may do with the socket what it wants.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** The prompt of one request. */
export interface AskedPrompt {
  readonly system: string;
  readonly user: string;
}

export interface ModelServer {
  /** Base address as the configuration takes it. */
  readonly url: string;
  readonly requests: () => number;
  /** Cuts all connections. */
  close(): Promise<void>;
}

/** Starts it on a free port of loopback; `answer` ends the response, or never. */
export async function startModelServer(
  answer: (prompt: AskedPrompt, response: ServerResponse, count: number) => void,
): Promise<ModelServer> {
  let requests = 0;
  const server = createServer(async (request, response) => {
    if (request.url?.endsWith("/models") === true) {
      response.writeHead(200, { "content-type": "application/json" }).end('{"data":[]}');
      return;
    }
    const body = JSON.parse(await text(request)) as {
      // Our own client's request.
      messages: { role: string; content: string }[];
    };
    const said = (role: string) => body.messages.find((one) => one.role === role)?.content ?? "";
    requests += 1;
    answer({ system: said("system"), user: said("user") }, response, requests);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It listens on a port.
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Ends a response with a completion. */
export function complete(response: ServerResponse, content: unknown): void {
  const message = { role: "assistant", content: asText(content) };
  response.writeHead(200, { "content-type": "application/json" }).end(
    JSON.stringify({
      ...{ id: "1", object: "chat.completion", created: 1, model: "double" },
      choices: [{ index: 0, finish_reason: "stop", message }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    }),
  );
}

function asText(content: unknown): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}
