// What npm does to a command that is run through it. Pure.

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The flags of a command that npm kept. It keeps every one that stands before `--`, and a command that does not hear of
 * its own `--dry-run` does it for good. `call` is how the command is called: `npm run upload`.
 */
export function keptFlags(call: string, names: readonly string[], environment: Environment): string[] {
  // Set by the npm that runs this very script; those around it run scripts of other names.
  if (environment['npm_lifecycle_event'] !== call.split(' ').at(-1)) return []
  return names.filter((name) => {
    // npm takes `--no-x` for x set to false, and writes that as nothing.
    if (name.startsWith('no-')) return environment[variable(name.slice(3))] === ''
    return !['', 'false', undefined].includes(environment[variable(name)])
  })
}

function variable(name: string): string {
  return `npm_config_${name.replaceAll('-', '_')}`
}

/** npm writes two lines of its own to standard output before a script begins, unless it is told not to. */
export function isAnnounced(environment: Environment): boolean {
  return environment['npm_lifecycle_event'] !== undefined && environment['npm_config_loglevel'] !== 'silent'
}
