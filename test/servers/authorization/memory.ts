import type { Adapter, AdapterPayload } from 'oidc-provider'

/** All records of an authorization server, by kind: a test can make it forget a kind at a stroke. */
export class AuthorizationServerMemory {
  readonly #kinds = new Map<string, Map<string, AdapterPayload>>()

  of(kind: string): Map<string, AdapterPayload> {
    const records = this.#kinds.get(kind) ?? new Map<string, AdapterPayload>()
    this.#kinds.set(kind, records)
    return records
  }

  forget(kind: string): void {
    this.of(kind).clear()
  }

  adapter(kind: string): Adapter {
    const records = this.of(kind)
    const findWhere = (fits: (record: AdapterPayload) => boolean) => Promise.resolve([...records.values()].find(fits))
    return {
      upsert: (id, payload) => Promise.resolve(void records.set(id, payload)),
      find: (id) => Promise.resolve(records.get(id)),
      findByUid: (uid) => findWhere((record) => record.uid === uid),
      findByUserCode: (userCode) => findWhere((record) => record.userCode === userCode),
      consume: (id) => {
        const record = records.get(id)
        if (record) record.consumed = Math.floor(Date.now() / 1000)
        return Promise.resolve()
      },
      destroy: (id) => Promise.resolve(void records.delete(id)),
      revokeByGrantId: (grantId) => {
        for (const [id, { grantId: ofGrant }] of records) if (ofGrant === grantId) records.delete(id)
        return Promise.resolve()
      },
    }
  }
}
