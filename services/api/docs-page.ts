// The description of the API (OpenAPI 3.1, made from the zod schemas) and the page that shows it, from
// files of this installation only.
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import type { Api } from "./context.ts";
import { cookieName } from "./guard.ts";
import type { ApiMessages } from "./messages.ts";

const DOCS_PATH = "/api/docs";

/** Starts gathering routes; before any route is registered. */
export async function registerDescription(
  api: Api,
  messages: ApiMessages,
  version: string,
  publicUrl: string | undefined,
): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: messages.docsTitle, description: messages.docsIntro, version },
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer" },
          session: { type: "apiKey", in: "cookie", name: cookieName(publicUrl) },
        },
      },
    },
    transform: jsonSchemaTransform,
  });
}

/** The page. Only on its own route images from `data:` are allowed: Swagger UI's style sheet has some. */
export async function registerDocsPage(api: Api, messages: ApiMessages): Promise<void> {
  await api.register(swaggerUi, {
    routePrefix: DOCS_PATH,
    theme: { title: messages.docsTitle },
    uiConfig: { docExpansion: "list", supportedSubmitMethods: [] },
    transformStaticCSP: (header) => header.replace("img-src 'self'", "img-src 'self' data:"),
  });
}
