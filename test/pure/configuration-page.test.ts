// docs/configuration.md against the code that reads the variables.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')

/** The names in the first column of the first table. */
function documented(): string[] {
  const rows = page.slice(0, page.indexOf('## Bindings')).matchAll(/^\| (`[A-Z0-9_`, ]+`) \|/gm)
  return [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = '']) => name))
}

/** Every name that is asked for, by a service of either delivery and with an engine. */
function asked(): Set<string> {
  const names = new Set<string>()
  const record = (values: Readonly<Record<string, unknown>>): void => {
    readConfig(
      new Proxy(values, {
        get(target, name) {
          if (typeof name === 'string' && name !== 'ENGINE') names.add(name)
          return Reflect.get(target, name)
        },
      }),
    )
  }
  record({ DELIVERY: 's3', R2_ACCESS_KEY_ID: 'x', EDGE_SIGNING_SECRET: 'x'.repeat(32) })
  record({ DELIVERY: 'edge', EDGE_SIGNING_SECRET: 'x'.repeat(32), CLIPZY_ORIGIN: 'https://engine.example.com' })
  return names
}

describe('docs/configuration.md', () => {
  it('names every variable that is read, and no other', () => {
    expect(documented().sort()).toEqual([...asked()].sort())
  })

  it('names each of them once', () => {
    expect(new Set(documented()).size).toBe(documented().length)
  })
})
