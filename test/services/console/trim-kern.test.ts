// What stays of KERN's style sheet.
import { describe, expect, it } from "vitest";
import { trimKern } from "../../../services/console/trim-kern.ts";

describe("trimmed style sheet", () => {
  it.each([
    [":root{--kern-0:0}"],
    [".kern-btn .kern-label{color:red}"],
    ["[data-kern-theme=dark],.kern-dark{--a:1}"],
    [".kern-table,.kern-btn{color:red}"],
    ["@media (min-width:1px){.kern-btn--block{width:100%}}"],
  ])("keeps %s", (css) => {
    expect(trimKern(css)).toBe(css);
  });

  it.each([
    [".kern-table{color:red}"],
    [".kern-btn .kern-icon{color:red}"],
    ["@media (min-width:1px){.kern-col-1{width:8%}}"],
    ['@charset "UTF-8";/* words */'],
  ])("drops %s", (css) => {
    expect(trimKern(css)).toBe("");
  });
});
