/** The contract of each store of people. */
import { describe, expect, it } from "vitest";
import type { People } from "#ports/people.ts";
import { authorNamed, isPersonId, personOf } from "#release/people/person.ts";

type PeopleSubject = AsyncDisposable & { readonly port: People };

const account = "111111111111";
const bob = personOf({ kind: "session", role: "kedge-approver", name: "bob" });

export function peopleContract(name: string, open: () => Promise<PeopleSubject>): void {
  describe(`people in ${name}`, () => {
    it("gives a person one id, and has the name by the id", async () => {
      await using subject = await open();
      expect(await subject.port.find(account, bob)).toBeUndefined();
      const [first, second] = await Promise.all([
        subject.port.record(account, bob),
        subject.port.record(account, authorNamed("BOB")),
      ]);
      expect(first).toBe(second);
      expect(isPersonId(first)).toBe(true);
      expect(await subject.port.find(account, bob)).toBe(first);
      expect((await subject.port.name(account, first))?.toLowerCase()).toBe("bob");
    });

    it("keeps the people of two anchors apart", async () => {
      await using subject = await open();
      const here = await subject.port.record(account, bob);
      expect(await subject.port.record("121212121212", bob)).not.toBe(here);
      expect(await subject.port.name("121212121212", here)).toBeUndefined();
    });

    it("connects no name with an id after the person is erased, and gives a new id later", async () => {
      await using subject = await open();
      const before = await subject.port.record(account, bob);
      expect(await subject.port.erase(account, bob)).toBe(before);
      expect(await subject.port.erase(account, bob)).toBeUndefined();
      expect(await subject.port.name(account, before)).toBeUndefined();
      expect(await subject.port.find(account, bob)).toBeUndefined();
      expect(await subject.port.record(account, bob)).not.toBe(before);
    });
  });
}
