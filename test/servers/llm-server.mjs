// A small language model behind as much of the OpenAI wire as we use: POST /v1/chat/completions with
// `json_schema` or `json_object` (with a schema beside it), GET /v1/models. One request after the other, on
// one thread. `node llm-server.mjs MODEL.gguf PORT`; run by llm.sh from the folder of its library.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { getLlama, LlamaChatSession } from "node-llama-cpp";

const [file, port] = process.argv.slice(2);
const NAME = "smollm2-135m-instruct";
const CONTEXT_TOKENS = 4096;
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: 1 });
const model = await llama.loadModel({ modelPath: file });
const context = await model.createContext({ contextSize: CONTEXT_TOKENS, threads: 1 });
let last = Promise.resolve();

async function grammarOf(format) {
  const schema = format?.json_schema?.schema ?? format?.schema;
  if (schema !== undefined) return llama.createGrammarForJsonSchema(schema);
  return format?.type === "json_object" ? llama.getGrammarFor("json") : undefined;
}

async function complete(body) {
  const sequence = context.getSequence();
  try {
    const said = (role) =>
      body.messages
        .filter((one) => one.role === role)
        .map((one) => one.content)
        .join("\n");
    const session = new LlamaChatSession({
      contextSequence: sequence,
      systemPrompt: said("system"),
    });
    let tokens = 0;
    const answer = await session.promptWithMeta(said("user"), {
      grammar: await grammarOf(body.response_format),
      maxTokens: body.max_tokens ?? 256,
      temperature: body.temperature ?? 0,
      seed: body.seed,
      onToken: (some) => {
        tokens += some.length;
      },
    });
    const finish = answer.stopReason === "maxTokens" ? "length" : "stop";
    return {
      id: `chatcmpl-${Date.now()}`,
      object: "chat.completion",
      created: Math.floor(Date.now() / 1000),
      model: NAME,
      choices: [
        {
          index: 0,
          finish_reason: finish,
          message: { role: "assistant", content: answer.responseText },
        },
      ],
      usage: { prompt_tokens: 0, completion_tokens: tokens, total_tokens: tokens },
    };
  } finally {
    sequence.dispose();
  }
}

function send(response, status, value) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

createServer(async (request, response) => {
  if (request.url === "/v1/models") {
    return send(response, 200, { object: "list", data: [{ id: NAME, object: "model" }] });
  }
  if (request.url !== "/v1/chat/completions") return send(response, 404, { error: {} });
  const body = JSON.parse(await text(request));
  last = last
    .then(() => complete(body))
    .then(
      (answer) => send(response, 200, answer),
      (error) => send(response, 400, { error: { message: String(error?.message) } }),
    );
}).listen(Number(port), "127.0.0.1");
