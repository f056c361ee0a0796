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

  it('F9: imports one script later, by its fixed name, and no other', () => {
    const importsOf = (name: string): string[] =>
      [
        ...readFileSync(`public/assets/${name}`, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*["'`](\.[^"'`]+)["'`]/g),
      ].map(([, path = '']) => path)
    expect(new Set(importsOf('watch.js'))).toEqual(new Set(['./hls-engine.js']))
    expect(new Set(importsOf('report.js'))).toEqual(new Set(['./hls-engine.js']))
    expect(importsOf('hls-engine.js')).toEqual([])
    for (const name of names.filter((one) => one.endsWith('.js'))) {
      expect(readFileSync(`public/assets/${name}`, 'utf8')).not.toMatch(/chunk-[A-Z0-9]{8}/)
    }
  })
})
