// The linter's words in all languages.
import { COST_REASONS_DE, LINT_MESSAGES_DE } from "./lint-messages-de.ts";
import { COST_REASONS_EN, LINT_MESSAGES_EN } from "./lint-messages-en.ts";

export const LINT_MESSAGES = { de: LINT_MESSAGES_DE, en: LINT_MESSAGES_EN };
export const COST_REASONS = { de: COST_REASONS_DE, en: COST_REASONS_EN };
