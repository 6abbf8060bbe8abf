/** In-memory ports of people and of upload records. Ids count up, so a test knows them beforehand. */
import type { People } from "#ports/people.ts";
import type { UploadRecords } from "#ports/upload-records.ts";
import { peopleKeys } from "#release/people/person.ts";
import { type UploadRecord, uploadRecordKey } from "#release/people/upload-record.ts";

type MemoryPeople = People & { readonly names: ReadonlyMap<string, string> };

export function memoryPeople(): MemoryPeople {
  const ids = new Map<string, string>();
  const names = new Map<string, string>();
  let count = 0;
  return {
    names,
    record: async (account, person) => {
      const key = peopleKeys.key(account, person);
      const known = ids.get(key);
      if (known !== undefined) return known;
      count += 1;
      const id = `p-${String(count).padStart(24, "0")}`;
      ids.set(key, id);
      names.set(peopleKeys.name(account, id), person.name);
      return id;
    },
    find: async (account, person) => ids.get(peopleKeys.key(account, person)),
    name: async (account, id) => names.get(peopleKeys.name(account, id)),
    erase: async (account, person) => {
      const key = peopleKeys.key(account, person);
      const id = ids.get(key);
      if (id === undefined) return undefined;
      names.delete(peopleKeys.name(account, id));
      ids.delete(key);
      return id;
    },
  };
}

type MemoryUploadRecords = UploadRecords & { readonly records: ReadonlyMap<string, UploadRecord> };

export function memoryUploadRecords(): MemoryUploadRecords {
  const records = new Map<string, UploadRecord>();
  return {
    records,
    write: async (key, versionId, record) => {
      const at = uploadRecordKey(key, versionId);
      if (!records.has(at)) records.set(at, record);
    },
    read: async (key, versionId) => records.get(uploadRecordKey(key, versionId)),
  };
}
