// The configuration that wrangler gets: the chosen environment alone, with the ids of what was found or made. It lies
// beside wrangler.toml, so that every path in it means the same, and git ignores it: ids belong to an account.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Project, Settings } from '../project.ts'
import type { VariablesFile } from '../variables-file.ts'

export interface Generated {
  readonly path: string
  /** A file of secrets for `--secrets-file`; undefined when none are deployed. */
  readonly secretsPath: string | undefined
  /** For this run only and for this user alone. */
  readonly privateFolder: string
}

/** What wrangler's reader adds, and what only `wrangler dev` reads. */
const NOT_CONFIGURATION = ['configPath', 'userConfigPath', 'topLevelName', 'definedEnvironments', 'account_id', 'dev']

/** Writes it, with `settings` in place of the project's own, and hands it to `use`; secrets are gone from disk then. */
export async function withConfiguration<T>(
  project: Project,
  settings: Settings,
  variables: VariablesFile | undefined,
  use: (generated: Generated) => Promise<T>,
): Promise<T> {
  const privateFolder = mkdtempSync(join(tmpdir(), 'lynxgate-deploy-'))
  const path = configurationPath(project)
  const secretsPath = variables === undefined || variables.size === 0 ? undefined : join(privateFolder, 'secrets.json')
  try {
    writeFileSync(path, `${JSON.stringify(configurationOf(settings), undefined, 2)}\n`)
    // JSON, since wrangler expands `$` in any other form of it.
    if (secretsPath !== undefined) {
      writeFileSync(secretsPath, JSON.stringify(Object.fromEntries(variables ?? [])), { mode: 0o600 })
    }
    return await use({ path, secretsPath, privateFolder })
  } finally {
    rmSync(privateFolder, { recursive: true, force: true })
  }
}

export function configurationPath({ folder, workerName }: Pick<Project, 'folder' | 'workerName'>): string {
  return join(folder, `wrangler.deploy.${workerName}.json`)
}

function configurationOf(settings: Settings): Record<string, unknown> {
  const fields = Object.entries(settings).filter(
    ([name, value]) => !NOT_CONFIGURATION.includes(name) && !isEmpty(value),
  )
  return {
    ...Object.fromEntries(fields),
    r2_buckets: settings.r2_buckets.map(({ binding, bucket_name }) => ({ binding, bucket_name })),
    // Otherwise every earlier version stays reachable at an address of its own, with the data of today.
    preview_urls: settings['preview_urls'] ?? false,
  }
}

/** wrangler's reader fills in every field there is; only some of them may stand in a file. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value !== 'object') return false
  return Object.values(value).every((entry) => typeof entry === 'object' && isEmpty(entry))
}
