# The image of Heidewacht: Node, production dependencies, our sources and the built console. Nothing is
# compiled: Node runs the TypeScript as it is.
FROM node:26.10.0-trixie-slim AS console
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY config config
COPY dashboards dashboards
COPY detectors detectors
COPY services services
RUN npm run build:console

FROM node:26.10.0-trixie-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:26.10.0-trixie-slim
# Detection makes much that lives for a millisecond: with room for it, a third of the garbage collection goes.
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=64
# Folders that volumes are mounted on: a new volume takes over who they belong to.
RUN install -d -o node -g node -m 0700 /var/lib/heidewacht /var/lib/heidewacht-access
RUN install -d -o node -g node -m 0750 /var/lib/heidewacht-grafana
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules node_modules
COPY config config
# Boards as the console draws them, and what heidewacht grafana setup gives to Grafana.
COPY dashboards dashboards
COPY detectors detectors
COPY services services
COPY --from=console /app/services/console/dist services/console/dist
USER node
EXPOSE 8720 8721 8722
HEALTHCHECK --interval=10s --timeout=8s --start-period=60s --retries=6 CMD ["node", "-e", "fetch('http://127.0.0.1:8720/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "services/cli/heidewacht.ts"]
CMD ["start"]
