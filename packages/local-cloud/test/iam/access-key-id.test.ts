import fc from "fast-check";
import { expect, it } from "vitest";
import { accountOfAccessKey, newAccessKeyId, newUniqueId } from "#cloud/iam/access-key-id.ts";

it("finds the account in every access key id", () => {
  const account = fc.integer({ min: 0, max: 999_999_999_999 }).map((id) => String(id).padStart(12, "0"));
  fc.assert(
    fc.property(account, fc.constantFrom("AKIA", "ASIA"), (id, prefix) => {
      const key = newAccessKeyId(prefix as "AKIA", id);
      expect(key).toMatch(/^A[KS]IA[A-Z2-7]{16}$/);
      expect(accountOfAccessKey(key)).toBe(id);
    }),
  );
});

it("reads ids as AWS makes them", () => {
  expect(accountOfAccessKey("ASIAY34FZKBOKMUTVV7A")).toBe("609629065308");
  expect(accountOfAccessKey("111111111111")).toBeUndefined();
  expect(accountOfAccessKey("AKIAIOSFODNN7EXAMPLE1")).toBeUndefined();
});

it("makes unique ids of AWS's form", () => {
  expect(newUniqueId("AROA")).toMatch(/^AROA[A-Z2-7]{17}$/);
  expect(newUniqueId("AROA")).not.toBe(newUniqueId("AROA"));
});
