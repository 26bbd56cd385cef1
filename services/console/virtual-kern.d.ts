// KERN's trimmed style sheet; made by vite.config.ts.
declare module "virtual:kern.css";
