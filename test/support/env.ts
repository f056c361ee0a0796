// The bindings of the runtime the tests run in, typed.
import type { D1Migration } from '@cloudflare/vitest-plugin'
import { env as untyped } from 'cloudflare:workers'
import type { Bindings } from '../../src/platform/bindings.ts'

export const env = untyped as unknown as Bindings & { readonly TEST_MIGRATIONS: D1Migration[] }
