import { expect, it } from "vitest";
import { sameAddress } from "../../../services/paging/same-address.ts";

it.each([
  ["0170 1234567", "+491701234567"],
  ["0170 1234567", "+49 170 1234567"],
  ["0170/123-4567", "0049 170 1234567"],
  ["+49 (0)170 1234567", "01701234567"],
  ["0049 (0) 170 1234567", "01701234567"],
  ["(0170) 123 45 67", "491701234567"],
  ["tel:+49-170-1234567", "0170.1234567"],
  ["0170\u20111234567", "01701234567"],
  ["+43 664 1234567", "0043 664 1234567"],
  ["112233", "112233"],
  ["Bernd@Kreis.Example", "bernd@kreis.example"],
  ["bernd@kreis.example", "Bernd Beispiel <Bernd@kreis.example>"],
  [" @anna:kreis.example ", "@Anna:kreis.example"],
])("takes %s and %s for one", (one, other) => {
  expect(sameAddress(one, other)).toBe(true);
  expect(sameAddress(other, one)).toBe(true);
});

it.each([
  ["0170 1234567", "+431701234567"],
  ["0170 1234567", "0170 1234568"],
  ["0170 1234567", "170 1234567"],
  ["0491701", "491701"],
  ["bernd@kreis.example", "bernd@kreis.example.org"],
  ["bernd@kreis.example", "<bernd@kreis.example> <anna@kreis.example>"],
  ["@anna:kreis.example", "anna:kreis.example"],
  ["Kreis", "Stadt"],
])("tells %s and %s apart", (one, other) => {
  expect(sameAddress(one, other)).toBe(false);
  expect(sameAddress(other, one)).toBe(false);
});
