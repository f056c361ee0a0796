// The lock must be complete: npm ci refuses one that lacks an optional binary, and then only on that platform.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Entry {
  readonly version?: string
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Readonly<Record<string, Entry>>
}

describe('package-lock.json', () => {
  it('holds every optional dependency of every package, whatever the platform', () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => lookUp(path, name) === undefined)
        .map((name) => `${path}: ${name}`),
    )
    expect(missing).toEqual([])
  })

  it('names no registry', () => {
    expect(Object.values(packages).filter((entry) => entry.resolved?.startsWith('http'))).toEqual([])
  })
})

describe('package.json', () => {
  it('pins every version exactly', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Record<string, string>
      devDependencies: Record<string, string>
    }
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    )
    expect(loose).toEqual([])
  })
})

/** As Node resolves: the nearest node_modules upward. */
function lookUp(from: string, name: string): Entry | undefined {
  const parents = from === '' ? [] : from.slice('node_modules/'.length).split('/node_modules/')
  for (let depth = parents.length; depth >= 0; depth -= 1) {
    const folder = parents.slice(0, depth).map((parent) => `node_modules/${parent}/`)
    const entry = packages[`${folder.join('')}node_modules/${name}`]
    if (entry !== undefined) return entry
  }
  return undefined
}
