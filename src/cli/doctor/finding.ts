// What a check says: how it stands, in a sentence, and what to do about it. Never a secret's value.

export interface Finding {
  /** What was looked at, in a word or two. */
  readonly subject: string
  readonly state: 'ok' | 'problem' | 'skipped'
  readonly sentence: string
  /** Of a problem: the command or the setting that ends it. */
  readonly advice?: string
}

export function ok(subject: string, sentence: string): Finding {
  return { subject, state: 'ok', sentence }
}

export function problem(subject: string, sentence: string, advice: string): Finding {
  return { subject, state: 'problem', sentence, advice }
}

export function skipped(subject: string, sentence: string): Finding {
  return { subject, state: 'skipped', sentence }
}

const MARKS = { ok: 'ok  ', problem: 'BAD ', skipped: '--  ' } as const

/** Lines for a terminal, without colour so that they can be pasted. */
export function printFinding({ subject, state, sentence, advice }: Finding): string {
  const first = `${MARKS[state]} ${subject}: ${sentence}`
  return advice === undefined ? first : `${first}\n     → ${advice}`
}
