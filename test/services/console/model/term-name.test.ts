// Terms of rules in the words of the screen; what is not known stands as it came.
import { describe, expect, it } from "vitest";
import { de } from "../../../../services/console/messages/de.ts";
import {
  maturityName,
  operatorName,
  tacticName,
} from "../../../../services/console/model/term-name.ts";

describe("terms of a rule", () => {
  it.each([
    ["credential-access", "Zugangsdaten"],
    ["lateral_movement", "Ausbreitung"],
    ["a-new-tactic", "A New Tactic"],
    ["constructor", "Constructor"],
    ["", ""],
  ])("names the tactic %j", (tactic, name) => {
    expect(tacticName(tactic, de)).toBe(name);
  });

  it.each([
    ["contains|all", "enthält"],
    ["windash|contains", "enthält"],
    ["equals", "ist"],
    ["re|i", "passt zum Muster"],
    ["toString", "toString"],
  ])("names the condition %j", (operator, name) => {
    expect(operatorName(operator, de)).toBe(name);
  });

  it.each([
    ["test", "in Erprobung"],
    ["__proto__", "__proto__"],
  ])("names the maturity %j", (status, name) => {
    expect(maturityName(status, de)).toBe(name);
  });
});
