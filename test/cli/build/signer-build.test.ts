// The compiled signer is not committed, so its build must give the same bytes every time.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileSigner } from '../../../src/cli/build/signer-build.ts'

describe('compileSigner', () => {
  it('gives the bytes of the module the tests run, wherever it writes them', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signer-'))
    try {
      await compileSigner(join(folder, 'again.wasm'))
      const again = await readFile(join(folder, 'again.wasm'))
      expect(again.equals(await readFile('src/wasm/text-signer.wasm'))).toBe(true)
      // It imports nothing, so it can neither read a clock nor call out.
      expect(WebAssembly.Module.imports(new WebAssembly.Module(again))).toEqual([])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
