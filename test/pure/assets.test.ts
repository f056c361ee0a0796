// What pages load, as npm install built it: during a gradual deployment two versions answer in turn.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const names = readdirSync('public/assets')

describe('public/assets', () => {
  it('F9: has the same names in every version', () => {
    expect(names.sort()).toEqual([
      'embed.js',
      'hls-engine.js',
      'hls.LICENSE.txt',
      'hls.worker.js',
      'lynx-player.js',
      'media-chrome.LICENSE.txt',
      'mediabunny.LICENSE.txt',
      'packager-worker.js',
      'reference.css',
      'reference.js',
      'report.css',
      'report.js',
      'swagger-ui.LICENSE.txt',
      'swagger-ui.css',
      'swagger-ui.js',
      'theme.css',
      'watch.css',
      'watch.js',
    ])
  })

  it('F9: imports one script later, by its fixed name and the version of what both agree on, and no other', () => {
    const importsOf = (name: string): string[] =>
      [
        ...readFileSync(`public/assets/${name}`, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*["'`](\.[^"'`]+)["'`]/g),
      ].map(([, path = '']) => path)
    const engine = readFileSync('public/assets/hls-engine.js', 'utf8')
    for (const name of ['watch.js', 'report.js', 'embed.js', 'lynx-player.js']) {
      const [address = '', ...others] = new Set(importsOf(name))
      const [, version = ''] = /^\.\/hls-engine\.js\?v=([0-9a-f]{10})$/.exec(address) ?? []
      expect(others, name).toEqual([])
      expect(version, name).not.toBe('')
      expect(engine).toContain(`"${version}"`)
    }
    expect(importsOf('hls-engine.js')).toEqual([])
    for (const name of names.filter((one) => one.endsWith('.js'))) {
      expect(readFileSync(`public/assets/${name}`, 'utf8')).not.toMatch(/chunk-[A-Z0-9]{8}/)
    }
  })
})
