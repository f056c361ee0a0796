// What was begun, in the browser's database, so that the same film goes on after the tab was closed, reloaded or killed.
// Holds no credential and no URL.
import type { PartsState } from '../../client/client.ts'
import type { KnownObject } from './messages.ts'

export interface JournalFilm {
  /** `identify` of the file, and whose film it is. */
  readonly key: string
  readonly jobId: string
  /** What the original's parts have come to; undefined before it was begun. */
  readonly parts: PartsState | undefined
  readonly isRegistered: boolean
  readonly isOriginalStored: boolean
  readonly isDone: boolean
}

export interface Journal {
  find(key: string): Promise<JournalFilm | undefined>
  /** Of the films whose key begins so, those that are not done. */
  unfinished(prefix: string): Promise<readonly JournalFilm[]>
  keep(film: JournalFilm): Promise<void>
  /** With its objects. */
  remove(film: JournalFilm): Promise<void>
  addObject(film: JournalFilm, object: KnownObject): Promise<void>
  objects(film: JournalFilm): Promise<readonly KnownObject[]>
}

const NAME = 'lynxgate-uploads'

interface Row {
  readonly jobId: string
  readonly object: KnownObject
}

/** Opened when it is first used. A browser that keeps nothing (private windows of some) begins every film anew. */
export function openJournal(): Journal {
  let database: Promise<IDBDatabase> | undefined
  const open = (): Promise<IDBDatabase> => (database ??= openDatabase())

  return {
    async find(key) {
      const stored: JournalFilm | undefined = await answer(
        (await open()).transaction('films').objectStore('films').get(key),
      )
      return stored
    },
    async unfinished(prefix) {
      const store = (await open()).transaction('films').objectStore('films')
      const films: JournalFilm[] = await answer(store.getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`)))
      return films.filter(({ isDone }) => !isDone)
    },
    async keep(film) {
      await write(await open(), ['films'], (store) => void store('films').put(film))
    },
    async remove({ key, jobId }) {
      await write(await open(), ['films', 'objects'], (store) => {
        store('films').delete(key)
        store('objects').delete(IDBKeyRange.bound([jobId], [jobId, []]))
      })
    },
    async addObject({ jobId }, object) {
      const row: Row = { jobId, object }
      await write(await open(), ['objects'], (store) => void store('objects').put(row, [jobId, object.path]))
    },
    async objects({ jobId }) {
      const store = (await open()).transaction('objects').objectStore('objects')
      const rows: Row[] = await answer(store.getAll(IDBKeyRange.bound([jobId], [jobId, []])))
      return rows.map(({ object }) => object)
    },
  }
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1)
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore('films', { keyPath: 'key' })
    request.result.createObjectStore('objects')
  })
  return await answer(request)
}

async function answer<T>(request: IDBRequest<T>): Promise<T> {
  return await new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('The browser’s database failed')))
  })
}

/** Resolves when it is written. */
async function write(
  database: IDBDatabase,
  stores: readonly string[],
  change: (store: (name: string) => IDBObjectStore) => void,
): Promise<void> {
  const transaction = database.transaction(stores, 'readwrite')
  await new Promise<void>((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('The browser’s database failed')))
    change((name) => transaction.objectStore(name))
  })
}
